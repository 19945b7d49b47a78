"""Words for what a tool is."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from themes.tools.models import ToolKind

TOOL_KINDS = {
    ToolKind.SELF_ASSESSMENT: _l("Self-assessment"),
    ToolKind.SELF_CARE_PROGRAMME: _l("Self-care programme"),
    ToolKind.SELF_CARE: _l("Self-care"),
    ToolKind.INFORMATION: lazy_pgettext("tool", "Information"),
    ToolKind.SERVICE: _l("Service elsewhere"),
}
