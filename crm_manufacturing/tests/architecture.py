"""Checks of the addon's source: functions of a path and its text that list violations.

Paths are relative to the addon, with slashes. Nothing here runs the code it reads.
"""

import ast
import csv
import re
from pathlib import PurePosixPath

MAX_METHOD_LINES = 60

# A file prefix is a room; the longest prefix that fits wins. `ring` may read any fact.
PREFIXES = {
    "partner_scorecard": "scorecard",
    "partner_score": "scorecard",
    "partner_stage": "stage",
    "partner_cadence": "cadence",
    "partner_touchpoint": "cadence",
    "partner_potential": "cadence",
    "crm_visit": "cadence",
    "crm_competitor": "cadence",
    "crm_horizon": "horizon",
    "dealer_": "dealer",
    "customer_credit": "credit",
    "sale_price_": "price",
    "delivery_promise": "promise",
    "order_trace": "trace",
    "order_requirement": "requirement",
    "order_serial": "serial",
    "supplier_": "supply",
    "customer_delivery": "supply",
    "partner_scorecard_metric_": "ring",
    "crm_visit_brief_": "ring",
    "my_day": "ring",
}

# Which other rooms a room may name. A host model's file (no prefix) and the ring: all.
MAY_NAME = {
    "scorecard": (),
    "stage": ("scorecard",),
    "cadence": ("scorecard", "stage"),
    "horizon": ("scorecard", "stage", "cadence"),
    "price": ("scorecard", "stage", "cadence", "horizon"),
    "dealer": ("scorecard", "stage", "cadence", "horizon", "price"),
    "credit": (),
    "promise": (),
    "trace": ("scorecard", "promise"),
    "requirement": ("scorecard", "promise", "trace"),
    "serial": ("scorecard", "promise", "trace", "requirement"),
    "supply": ("scorecard", "promise", "trace"),
}

RELATIONAL = {"Many2one", "One2many", "Many2many"}
TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z][a-z0-9_]+)')
RAW_SQL = {"execute", "executemany", "copy_expert", "execute_query"}
RAW_SQL |= {"execute_query_dict"}
GUARDED_CALLS = {"sudo", "Markup", "safe_eval"}
OUTSIDERS = ("base.group_portal", "base.group_public")
WRITES = ("perm_write", "perm_create", "perm_unlink")
RECORD_ID = re.compile(r"<(record|menuitem|template)\s[^>]*?\bid=\"([\w.]+)\"")


def room_of(name):
    """Return the room of a file stem or model name; None for the host's."""
    stem = name.replace(".", "_")
    fitting = [prefix for prefix in PREFIXES if stem.startswith(prefix)]
    return PREFIXES[max(fitting, key=len)] if fitting else None


def check_rooms(path, source):
    """A room names no model of a room it may not know, and a new model has a room."""
    place = PurePosixPath(path)
    if place.parts[0] not in ("models", "report", "wizard"):
        return []
    tree = ast.parse(source)
    room = room_of(place.stem)
    problems = [
        f"{path}: {model} belongs to no room; give model and file a room's prefix"
        for model in sorted(_new_models(tree))
        if room_of(model) is None
    ]
    if room in MAY_NAME:
        allowed = {None, room, *MAY_NAME[room]}
        problems += [
            f"{path}: the room {room} names {name} of the room {room_of(name)}"
            for name in sorted(_named_models(tree))
            if room_of(name) not in allowed
        ]
    return problems


def check_tools(path, source):
    """tools/ holds pure functions: no odoo import."""
    if not path.startswith("tools/"):
        return []
    imported = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            imported.add(node.module)
    return [
        f"{path}: imports {name}, so it is no pure function"
        for name in sorted(imported)
        if name.split(".")[0] == "odoo"
    ]


def check_raw_sql(path, source, reviewed):
    """SQL is executed in report/ and in the `reviewed` engine files alone."""
    if path.startswith("report/") or path in reviewed:
        return []
    return [
        f"{path}: {place} calls {name}; only report/ and engines run SQL"
        for place, name in _calls(source)
        if name in RAW_SQL
    ]


def check_method_length(path, source):
    return [
        f"{path}: {node.name} has {lines} lines, at most {MAX_METHOD_LINES} are read"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (lines := node.end_lineno - node.lineno + 1) > MAX_METHOD_LINES
    ]


def guarded_calls(path, source):
    """Return {"path:function call"} of calls and context reads a reviewer must see."""
    found = {
        f"{path}:{place} {name}"
        for place, name in _calls(source)
        if name in GUARDED_CALLS
    }
    return found | {f"{path}:{place} context" for place in _context_reads(source)}


def check_access(path, text):
    """Every access line has a group, and outsiders only read."""
    problems = []
    for row in csv.DictReader(text.splitlines()):
        group = row["group_id:id"]
        if not group:
            problems.append(f"{path}: {row['id']} has no group, so everybody is in it")
        elif group in OUTSIDERS and any(row[column] == "1" for column in WRITES):
            problems.append(f"{path}: {row['id']} lets {group} do more than read")
    return problems


def check_repeated_ids(sources):
    """No two files define a record of one id: the later would take its place."""
    places = {}
    for path, text in sources:
        for tag, name in RECORD_ID.findall(text):
            places.setdefault(name, []).append(f"{path} <{tag}>")
    return [
        f"{name} is defined in {' and in '.join(where)}"
        for name, where in places.items()
        if len(where) > 1
    ]


def _assigned_strings(tree, name):
    """Return the strings that classes of the module assign to `name`."""
    found = set()
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(t, ast.Name) and t.id == name for t in targets):
            found |= _strings(node.value)
    return found


def _strings(tree):
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _new_models(tree):
    return _assigned_strings(tree, "_name") - _assigned_strings(tree, "_inherit")


def _named_models(tree):
    """Return models and tables named by class, field, environment or SQL text."""
    named = _assigned_strings(tree, "_name") | _assigned_strings(tree, "_inherit")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in RELATIONAL:
            comodel = [k.value for k in node.keywords if k.arg == "comodel_name"]
            for value in node.args[:1] + comodel:
                named |= _strings(value)
        elif isinstance(node, ast.Subscript) and _is_environment(node.value):
            named |= _strings(node.slice)
    for text in _strings(tree):
        named.update(TABLE.findall(text))
    return named


def _is_environment(node):
    name = getattr(node, "attr", None) or getattr(node, "id", None)
    return name == "env"


def _called(call):
    """Return the last name of what is called: `sudo` of `self.env.x.sudo()`."""
    return getattr(call.func, "attr", None) or getattr(call.func, "id", None)


def _placed(source):
    """Yield (place, node); the place is Class.method, or <module>."""
    waiting = [("", ast.parse(source))]
    while waiting:
        place, parent = waiting.pop()
        for node in ast.iter_child_nodes(parent):
            inside = place
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                inside = f"{place}.{node.name}".lstrip(".")
            yield place or "<module>", node
            waiting.append((inside, node))


def _calls(source):
    """Yield (place, called name)."""
    for place, node in _placed(source):
        if isinstance(node, ast.Call):
            yield place, _called(node)


def _context_reads(source):
    """Yield the places that look up a key of a context, which the caller chooses."""
    for place, node in _placed(source):
        if isinstance(node, ast.Call) and _called(node) == "get":
            read = [getattr(node.func, "value", None)]
        elif isinstance(node, ast.Subscript):
            read = [node.value]
        elif isinstance(node, ast.Compare):
            read = node.comparators
        else:
            continue
        if any(getattr(value, "attr", None) == "context" for value in read):
            yield place
