"""Limits of components: rows, buttons, selects and inputs, and the layouts of Components V2."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from tests.loopback.constants import Json
from tests.loopback.limits.form import NO_LIMIT, Form, Keys

if TYPE_CHECKING:
    from collections.abc import Callable

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 17, 18, 19, 21, 22, 23

MODAL_TOP = (ROW, TEXT, LABEL)
IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
V2_TOP = (*IN_CONTAINER, CONTAINER)
IN_LABEL = (TEXT_INPUT, *SELECTS, UPLOAD, RADIO, CHECKBOXES, CHECKBOX)

LINK, PREMIUM = 5, 6
"""The styles of button that send no interaction."""

MEDIA = ("http", "https", "attachment")


def check_components(form: Form, components: Any, filenames: set[str], *, v2: bool) -> None:
    """Check the components of a message; fills in their ids as Discord does."""
    keys, tree = ("components",), ComponentTree(form, filenames)
    if not v2:
        tree.run(form.items(keys, components, 0, 5), (ROW,))
        return
    tree.run(form.items(keys, components, 1, 40), V2_TOP)
    if len(tree.nodes) > 40:
        message = "The maximum number of components (40) was exceeded"
        form.add(keys, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    if tree.characters > 4000:
        message = "The total length of all text displays must be 4000 or fewer characters"
        form.add(keys, "COMPONENT_MAX_TOTAL_TEXT_LENGTH_EXCEEDED", message)


class ComponentTree:
    """A walk over nested components that counts them, and knows which ids it has seen."""

    def __init__(self, form: Form, filenames: set[str]) -> None:
        self.form, self.filenames = form, filenames
        self.characters = 0
        self.custom_ids: set[str] = set()
        self.ids: set[int] = set()
        self.nodes: list[Json] = []

    def run(self, components: list[Any], allowed: tuple[int, ...]) -> None:
        for place, component in enumerate(components):
            self.one(("components", place), component, allowed)
        unused = (number for number in itertools.count(1) if number not in self.ids)
        for component in self.nodes:
            if not component.get("id"):
                component["id"] = next(unused)

    def one(self, keys: Keys, component: Any, allowed: tuple[int, ...]) -> None:
        """Check one component and what it holds."""
        if not self.form.mapping(keys, component):
            return
        kind = component.get("type")
        if kind not in allowed:
            kinds = ", ".join(map(str, allowed))
            message = f'Value of field "type" must be one of ({kinds},).'
            self.form.add((*keys, "type"), "UNION_TYPE_CHOICES", message)
            return
        self.nodes.append(component)
        if number := component.get("id"):
            if number in self.ids:
                message = "Component id cannot be duplicated"
                self.form.add((*keys, "id"), "COMPONENT_ID_DUPLICATED", message)
            self.ids.add(number)
        if kind == ROW:
            self.row(keys, component, in_modal=allowed == MODAL_TOP)
        elif check := CHECKS.get(kind):
            check(self, keys, component)

    def row(self, keys: Keys, component: Json, *, in_modal: bool) -> None:
        """Five buttons or one of anything else."""
        width = 0
        children = self.form.items((*keys, "components"), component.get("components"), 1, NO_LIMIT)
        for place, child in enumerate(children):
            inner = (*keys, "components", place)
            self.one(inner, child, (TEXT_INPUT,) if in_modal else (BUTTON, *SELECTS))
            width += 1 if isinstance(child, dict) and child.get("type") == BUTTON else 5
            if width > 5:
                message = "The specified component exceeds the maximum width"
                self.form.add(inner, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)

    def custom_id(self, keys: Keys, component: Json) -> None:
        keys, custom_id = (*keys, "custom_id"), component.get("custom_id")
        if not custom_id and component["type"] == BUTTON:
            code = "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"
            self.form.add(keys, code, "A custom id is required")
        elif self.form.text(keys, custom_id, 1, 100):
            if custom_id in self.custom_ids:
                message = "Component custom id cannot be duplicated"
                self.form.add(keys, "COMPONENT_CUSTOM_ID_DUPLICATED", message)
            self.custom_ids.add(custom_id)

    def emoji(self, keys: Keys, component: Json) -> None:
        emoji = component.get("emoji")
        if emoji and not emoji.get("id") and (not emoji.get("name") or emoji["name"].isascii()):
            self.form.add((*keys, "emoji", "name"), "COMPONENT_INVALID_EMOJI", "Invalid emoji")

    def button(self, keys: Keys, component: Json) -> None:
        form, style = self.form, component.get("style")
        form.one_of((*keys, "style"), style, (1, 2, 3, 4, LINK, PREMIUM))
        form.text((*keys, "label"), component.get("label"), 0, 80)
        if style == LINK:
            link = component.get("url") or "missing"
            form.url((*keys, "url"), link, ("http", "https", "discord"), 512)
            if component.get("custom_id"):
                code = "BUTTON_COMPONENT_CUSTOM_ID_FORBIDDEN"
                form.add((*keys, "custom_id"), code, "A custom id cannot be specified")
        elif style != PREMIUM:
            self.custom_id(keys, component)
            if component.get("url"):
                code = "BUTTON_COMPONENT_URL_FORBIDDEN"
                form.add((*keys, "url"), code, "A url cannot be specified")
        if style != PREMIUM and not component.get("label") and not component.get("emoji"):
            code = "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"
            form.add(keys, code, "Either a label or an emoji is required")
        self.emoji(keys, component)

    def select(self, keys: Keys, component: Json) -> None:
        self.custom_id(keys, component)
        self.form.text((*keys, "placeholder"), component.get("placeholder"), 0, 150)
        self.form.integer((*keys, "min_values"), component.get("min_values"), 0, 25)
        self.form.integer((*keys, "max_values"), component.get("max_values"), 1, 25)

    def string_select(self, keys: Keys, component: Json) -> None:
        self.select(keys, component)
        seen: set[str] = set()
        options = self.form.items((*keys, "options"), component.get("options"), 1, 25)
        for place, option in enumerate(options):
            inner = (*keys, "options", place)
            self.option(inner, option)
            if option.get("value") in seen:
                code = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
                message = "The specified option value is already used"
                self.form.add((*inner, "value"), code, message)
            seen.add(option.get("value"))
            self.emoji(inner, option)

    def option(self, keys: Keys, option: Json) -> None:
        self.form.text((*keys, "label"), option.get("label"), 1, 100)
        self.form.text((*keys, "value"), option.get("value"), 1, 100)
        self.form.text((*keys, "description"), option.get("description"), 0, 100)

    def text_input(self, keys: Keys, component: Json) -> None:
        form = self.form
        self.custom_id(keys, component)
        # Within a label component the label is that component's, in a row the input's own.
        if keys[-1] != "component":
            form.text((*keys, "label"), component.get("label"), 1, 45)
        form.one_of((*keys, "style"), component.get("style"), (1, 2))
        form.integer((*keys, "min_length"), component.get("min_length"), 0, 4000)
        form.integer((*keys, "max_length"), component.get("max_length"), 1, 4000)
        form.text((*keys, "value"), component.get("value"), 0, 4000)
        form.text((*keys, "placeholder"), component.get("placeholder"), 0, 100)

    def group(self, keys: Keys, component: Json) -> None:
        self.custom_id(keys, component)
        fewest = 2 if component["type"] == RADIO else 1
        options = self.form.items((*keys, "options"), component.get("options"), fewest, 10)
        for place, option in enumerate(options):
            self.option((*keys, "options", place), option)

    def section(self, keys: Keys, component: Json) -> None:
        children = self.form.items((*keys, "components"), component.get("components"), 1, 3)
        for place, child in enumerate(children):
            self.one((*keys, "components", place), child, (TEXT,))
        self.one((*keys, "accessory"), component.get("accessory"), (BUTTON, THUMBNAIL))

    def text(self, keys: Keys, component: Json) -> None:
        self.characters += self.form.text((*keys, "content"), component.get("content"), 1, 4000)

    def thumbnail(self, keys: Keys, component: Json) -> None:
        self.media((*keys, "media"), component.get("media"), MEDIA)
        self.form.text((*keys, "description"), component.get("description"), 0, 1024)

    def gallery(self, keys: Keys, component: Json) -> None:
        items = self.form.items((*keys, "items"), component.get("items"), 1, 10)
        for place, item in enumerate(items):
            self.thumbnail((*keys, "items", place), item)

    def file(self, keys: Keys, component: Json) -> None:
        self.media((*keys, "file"), component.get("file"), ("attachment",))

    def media(self, keys: Keys, media: Json | None, schemes: tuple[str, ...]) -> None:
        keys, url = (*keys, "url"), (media or {}).get("url")
        if not url:
            self.form.required(keys)
            return
        self.form.url(keys, url, schemes)
        name = url.removeprefix("attachment://")
        if name != url and name not in self.filenames:
            code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
            self.form.add(keys, code, f"The referenced attachment was not found: {url}")

    def container(self, keys: Keys, component: Json) -> None:
        self.form.integer((*keys, "accent_color"), component.get("accent_color"), 0, 0xFFFFFF)
        children = self.form.items((*keys, "components"), component.get("components"), 1, 40)
        for place, child in enumerate(children):
            self.one((*keys, "components", place), child, IN_CONTAINER)

    def label(self, keys: Keys, component: Json) -> None:
        self.form.text((*keys, "label"), component.get("label"), 1, 45)
        self.form.text((*keys, "description"), component.get("description"), 0, 100)
        self.one((*keys, "component"), component.get("component"), IN_LABEL)


CHECKS: dict[int, Callable[[ComponentTree, Keys, Json], None]] = {
    BUTTON: ComponentTree.button,
    STRING_SELECT: ComponentTree.string_select,
    USER_SELECT: ComponentTree.select,
    ROLE_SELECT: ComponentTree.select,
    MENTIONABLE_SELECT: ComponentTree.select,
    CHANNEL_SELECT: ComponentTree.select,
    TEXT_INPUT: ComponentTree.text_input,
    SECTION: ComponentTree.section,
    TEXT: ComponentTree.text,
    THUMBNAIL: ComponentTree.thumbnail,
    GALLERY: ComponentTree.gallery,
    FILE: ComponentTree.file,
    CONTAINER: ComponentTree.container,
    LABEL: ComponentTree.label,
    UPLOAD: ComponentTree.custom_id,
    RADIO: ComponentTree.group,
    CHECKBOXES: ComponentTree.group,
    CHECKBOX: ComponentTree.custom_id,
}
"""How each kind is checked; a separator has nothing to check."""
