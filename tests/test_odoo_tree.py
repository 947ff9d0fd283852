"""The Odoo in use is whole: pages, icons and bundles find all their files."""

from sandbox import odoo_repairs

SELFIE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
JQUERY = "web/static/lib/jquery/jquery.js"


def addons(stack):
    return [path for path in stack.source.all_addons_paths if path.is_dir()]


def holds(stack, name):
    return any((folder / name).is_file() for folder in addons(stack))


def test_no_link_to_a_script_or_style_dangles(stack):
    dangling = [
        path
        for folder in addons(stack)
        for path in odoo_repairs.dangling(folder)
        if path.suffix in {".js", ".css", ".scss", ".xml", ".py"}
    ]
    assert dangling == []


def test_the_script_that_debian_leaves_out_is_there(stack):
    assert holds(stack, SELFIE)


def test_jquery_is_there_for_the_portal(stack):
    assert holds(stack, JQUERY)


def test_a_dangling_link_is_found(tmp_path):
    (tmp_path / "here.js").write_text("")
    (tmp_path / "good.js").symlink_to("here.js")
    (tmp_path / "bad.js").symlink_to("gone.js")
    assert odoo_repairs.dangling(tmp_path) == [tmp_path / "bad.js"]
