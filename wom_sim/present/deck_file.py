"""A deck as a file: nothing of a template that reaches outside it, and the same bytes for the same slides.

A template is a stranger's file. Opened, PowerPoint follows its links: a picture kept on a server says who opens the
deck and when, a linked template or object brings content of others. So links out of the file, macros, ribbons and
controls are left behind; what stands in the file itself stays.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import IO, Any

from pptx.opc.constants import CONTENT_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

MOST_BYTES, MOST_PARTS = 500_000_000, 20_000
"""Of a template, unpacked. Assumption: ten times the largest house template that we know of."""
_KINDS = "[Content_Types].xml"
_AS_TEMPLATE = (
    b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    b"application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
    b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
)
"""What a file says of itself that is a template, or may hold macros; a plain presentation is what is made of it."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip file can tell."""
_MADE = b"1980-01-01T00:00:00Z"
_ALIEN = (
    "/vbaProject", "/vbaData", "/wordVbaData", "/ui/extensibility", "/ui/userCustomization", "/control",
    "/activeXControlBinary", "/attachedTemplate", "/customXml",
)  # fmt: skip
"""Ends of the kinds of relations that bring code, or tie a file to another one."""
_LINKS = {qn("a:hlinkClick"), qn("a:hlinkHover"), qn("a:hlinkMouseOver"), qn("a:videoFile"), qn("a:audioFile")}
"""Elements that are nothing without their link."""
_FRAMES = {qn("p:graphicFrame"), qn("p:pic"), qn("p:control"), qn("p:contentPart")}
"""Elements that go as a whole where something within is a link."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def check_size(path: Path) -> str | None:
    """Return why a template is too large to be opened, None if it is not. Raises what ``zipfile`` raises."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        return f"has {len(parts):,} parts; allowed: {MOST_PARTS:,}"
    size = sum(part.file_size for part in parts)
    if size > MOST_BYTES:
        return f"holds {size / 1e6:,.0f} MB, unpacked; allowed: {MOST_BYTES / 1e6:,.0f} MB"
    return None


def opened(path: Path) -> IO[bytes]:
    """Return a template to be read; one of another kind (.potx, .potm, .pptm) as a plain presentation."""
    content = path.read_bytes()
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        kinds = old.read(_KINDS)
        if not any(kind in kinds for kind in _AS_TEMPLATE):
            return io.BytesIO(content)
        for kind in _AS_TEMPLATE:
            kinds = kinds.replace(kind, CONTENT_TYPE.PML_PRESENTATION_MAIN.encode())
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                new.writestr(entry, kinds if entry.filename == _KINDS else old.read(entry.filename))
    file.seek(0)
    return file


def without_strangers(presentation: Any) -> None:
    """Remove from a presentation what reaches outside the file, and what is code."""
    package = presentation.part.package
    for part in list(package.iter_parts()):
        _clean(part)
    for name, relation in list(package._rels.items()):
        if _is_alien(relation):
            package._rels.pop(name)
    presentation.part._content_type = CONTENT_TYPE.PML_PRESENTATION_MAIN  # also where it was one with macros


def _is_alien(relation: Any) -> bool:
    return bool(relation.is_external) or str(relation.reltype).endswith(_ALIEN)


def _clean(part: Any) -> None:
    """Remove the alien relations of a part, and whatever in it names them."""
    gone = [name for name, relation in part.rels.items() if _is_alien(relation)]
    if not gone:
        return
    root = getattr(part, "_element", None)
    if root is not None:
        _unlink(root, set(gone))
    elif (tree := _parsed(part.blob)) is not None:
        _unlink(tree, set(gone))
        part._blob = serialize_part_xml(tree)
    for name in gone:
        part.rels.pop(name)


def _parsed(blob: bytes) -> Any:
    """Return a part as XML, None if it is not."""
    try:
        return parse_xml(blob)
    except SyntaxError:  # what lxml raises is one
        return None


def _unlink(root: Any, gone: set[str]) -> None:
    """Remove what names a relation that is gone: the link, the frame of an object, else the name alone."""
    for element in list(root.iter()):
        for key in [key for key, value in element.attrib.items() if key.startswith(_RELATION) and value in gone]:
            frame = next((e for e in (element, *element.iterancestors()) if e.tag in _FRAMES), None)
            whole = element if element.tag in _LINKS else None
            if whole is None and frame is not None and element.tag != qn("a:blip"):
                whole = frame
            if whole is not None and whole.getparent() is not None:
                whole.getparent().remove(whole)
            else:
                element.attrib.pop(key, None)


def stable(content: bytes) -> bytes:
    """Return a zip file of Office with the same parts, in the same order, that tells of no time at which it was made.

    Workbooks within are treated alike. The properties of a deck say from which run it is, and when that was made.
    """
    return _repacked(content, inner=False)


def _repacked(content: bytes, inner: bool) -> bytes:
    found = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            part = old.read(entry.filename)
            if entry.filename.endswith(".xlsx"):
                part = _repacked(part, inner=True)
            elif inner and entry.filename == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + _MADE, part)
            told = zipfile.ZipInfo(entry.filename, _LONG_AGO)
            told.compress_type, told.external_attr, told.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            new.writestr(told, part)
    return found.getvalue()
