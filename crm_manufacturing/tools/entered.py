def read_text(value):
    """Return the text of a form's field, without what no database keeps.

    >>> read_text(" Later, sorry "), read_text("a\\0b")
    ('Later, sorry', 'ab')

    Whatever is no text, such as a file, is as good as nothing.

    >>> read_text(None), read_text(b"5")
    ('', '')
    """
    return value.replace("\0", "").strip() if isinstance(value, str) else ""
