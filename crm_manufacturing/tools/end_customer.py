"""What makes two end customers the same, and how long a deal is protected."""

import re
import unicodedata
from datetime import timedelta

LEGAL_FORMS = frozenset(
    """ab ag as aps bv bvba co company corp corporation cv de eirl gmbh inc jsc kft kg
    lda limitada limited llc llp ltd ltda mbh nv oy oyj plc pte pty pvt sa sac sarl sas
    sdn bhd se sl slu spa spzoo srl sro und""".split()
)
# longest first: each is cut off the end
CHINESE_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "公司")


def normalise_name(name):
    """Return a firm's name without case, accents, signs and legal form.

    >>> normalise_name("Fábrica Sol, S.A. de C.V.")
    'fabrica sol'
    >>> normalise_name("ACME GmbH & Co. KG"), normalise_name("Acme")
    ('acme', 'acme')
    >>> normalise_name("佛山风扇有限公司")
    '佛山风扇'
    >>> normalise_name("Co. Ltd."), normalise_name(" ")
    ('co ltd', '')
    """
    plain = _strip_accents(name).casefold()
    for form in CHINESE_FORMS:
        plain = plain.strip().removesuffix(form)
    words = re.sub(r"[^\w]+", " ", plain.replace(".", "")).split()
    bare = list(words)
    while bare and bare[-1] in LEGAL_FORMS:
        bare.pop()
    return " ".join(bare or words)


def find_name(text, names, known=()):
    """Return the first of the firms' names that a text names, or "".

    Names count in whole words, in any case, and also without their legal form; a single
    word is then written as in the name, for it may be a word like others. Those of
    ``known`` firms are no find.

    >>> find_name("Better ask boreas ltd.", ["Boreas Ltd"])
    'Boreas Ltd'
    >>> find_name("It is Boreas's deal", ["Boreas Ltd"])
    'Boreas Ltd'
    >>> find_name("The solution fits your fans", ["Sol", "Fans Ltd"])
    ''
    >>> find_name("Ask North-Wind", ["NORTH WIND SA"])
    'NORTH WIND SA'
    >>> find_name("是华风的", ["华风公司"])
    '华风公司'
    >>> find_name("Ventus Nord is yours", ["Ventus"], known=["Ventus Nord SL"])
    ''
    """
    text = _strip_accents(text)
    for name in known:
        for pattern in _get_patterns(name):
            text = pattern.sub(" ", text)
    folded = text.casefold()
    for name in names:
        first = normalise_name(name).split(" ", 1)[0]
        # most are not there, and quickly told so
        if first and first in folded:
            if any(pattern.search(text) for pattern in _get_patterns(name)):
                return name
    return ""


def _get_patterns(name):
    """The patterns of a name in full, and without its legal form."""
    words = re.findall(r"\w+", _strip_accents(name))
    bare = normalise_name(name).split()
    if len(bare) == 1:
        written = [word for word in words if word.casefold() == bare[0]]
        short = _compile(written[:1] or bare)
    else:
        short = _compile(bare, re.IGNORECASE)
    return [_compile(words, re.IGNORECASE), short] if words else []


def _compile(words, flags=0):
    """A pattern of whole words; scripts without spaces have none."""
    start = r"(?<!\w)" if _has_case(words[0][0]) else ""
    end = r"(?!\w)" if _has_case(words[-1][-1]) else ""
    return re.compile(start + r"\W+".join(map(re.escape, words)) + end, flags)


def _has_case(sign):
    return sign.isdigit() or sign.lower() != sign.upper()


def _strip_accents(text):
    plain = unicodedata.normalize("NFKD", text or "")
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def normalise_vat(vat, country=""):
    """Return a tax number as letters and digits, with the country's letters.

    >>> normalise_vat("es b-12345678"), normalise_vat("B12345678", "ES")
    ('ESB12345678', 'ESB12345678')
    >>> normalise_vat("/"), normalise_vat(None)
    ('', '')
    """
    plain = re.sub(r"[\W_]+", "", vat or "").upper()
    if plain and country and not plain[:2].isalpha():
        return country.upper() + plain
    return plain if len(plain) > 3 else ""


def get_domain(address):
    """Return the domain of a website or mail address.

    >>> get_domain("https://www.Acme.example:80/fans?x=1"), get_domain("a@acme.example")
    ('acme.example', 'acme.example')
    >>> get_domain("acme"), get_domain("")
    ('', '')
    """
    host = re.sub(r"^\w+://", "", (address or "").strip().casefold())
    host = re.split(r"[/?#]", host, maxsplit=1)[0].rsplit("@", maxsplit=1)[-1]
    host = host.split(":")[0].removeprefix("www.").strip(".")
    return host if "." in host and " " not in host else ""


def get_protection_end(today, expected, days, after, most):
    """Return the last day a deal is protected: ``days`` from ``today`` or ``after``
    days past the ``expected`` date, the later, at ``most`` so many days from today.

    >>> from datetime import date
    >>> today = date(2026, 1, 1)
    >>> get_protection_end(today, None, 90, 30, 180)
    datetime.date(2026, 4, 1)
    >>> get_protection_end(today, date(2026, 4, 1), 90, 30, 180)
    datetime.date(2026, 5, 1)
    >>> get_protection_end(today, date(2027, 1, 1), 90, 30, 180)
    datetime.date(2026, 6, 30)
    """
    end = today + timedelta(days=days)
    if expected:
        end = max(end, expected + timedelta(days=after))
    return min(end, today + timedelta(days=most))
