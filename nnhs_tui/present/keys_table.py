"""The keys of all commands, as text and as a file to change."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.commands.commands import COMMANDS, key_label, key_labels
from nnhs_tui.commands.keymap import FIXED, keys_file
from nnhs_tui.present.text.lines import cells, fit


def keys_as_text() -> Iterator[str]:
    """A line for each command: its keys, the command, what it does."""
    calls = {each.word: each.call for each in COMMANDS}
    labels = {each.word: key_labels(each) for each in COMMANDS}
    wide, long = (max(map(cells, part.values())) for part in (labels, calls))
    for group in dict.fromkeys(each.group for each in COMMANDS):
        yield group.label
        for each in (each for each in COMMANDS if each.group == group):
            yield f"  {fit(labels[each.word], wide)}  {fit(calls[each.word], long)}  {each.help}"
        yield ""
    yield f"Other keys go into {keys_file()}; `nnhs-tui keys --toml` prints one to begin with."


def keys_as_toml() -> Iterator[str]:
    """A file with the keys there are now."""
    yield "# Keys of nnhs-tui. A command that is left out keeps its own keys; [] takes them away."
    yield ""
    yield "[keys]"
    for command in COMMANDS:
        if command.word in FIXED:
            continue
        listed = ", ".join(_quoted(key_label(key)) for key in command.keys)
        is_bare = command.word.replace("-", "").isalnum()
        yield ""
        yield f"# {command.help}"
        yield f"{command.word if is_bare else _quoted(command.word)} = [{listed}]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
