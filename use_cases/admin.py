"""Use cases for staff: numbers and what answers them, prompts and greetings to edit with every version kept, and what happened in calls."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from context.opened_pages import OpenedPages
from context.read_only import FirstRows, ReadOnly
from use_cases import folders, loading
from use_cases.description import FIELDS, LINES, BadUseCaseError, Description, check, read_folder
from use_cases.missed_models import MissedCall
from use_cases.models import Caller, HandOff, InboundCall, InboundNumber, ToolRun, UseCase, UseCaseVersion
from use_cases.staff_actions import links_to_rows

# django-stubs' admin classes are generic to the type checker only.


class Lines(forms.CharField):
    """Words of several lines. Browsers send a carriage return with each: kept, every save would be an edit, and the folder's state never taken."""

    def to_python(self, value: Any) -> Any:
        """As files have them."""
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class UseCaseForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the version in force says, to be changed. Saving makes the next version."""

    title = forms.CharField(max_length=80)
    description = Lines(max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    greeting = Lines(max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="It must say that this is an AI assistant.")
    prompt = Lines(widget=forms.Textarea(attrs={"rows": 24}), help_text="{{USER_CONTEXT}}, {{AVAILABLE_DEMOS}}, {{CURRENT_DATE}} are filled.")
    line = forms.ChoiceField(required=False, choices=[(line, line or "as set for all calls") for line in LINES])
    live_agent = forms.CharField(required=False, max_length=16, help_text="Number of the person who takes calls over, such as +15195550180.")
    relay = forms.JSONField(required=False, help_text="Attributes of the carrier's ConversationRelay.")
    keys = forms.JSONField(required=False, help_text="What each key of the phone does.")
    translations = forms.JSONField(
        required=False, help_text="Greeting, words of keys and fillers in other languages: by language (fr, es), then by the text above."
    )
    tools = forms.JSONField(required=False, help_text="Names of tools in its folder's tools.py.")
    record = forms.BooleanField(required=False, help_text="Its calls may be recorded, where the site allows it. Callers are told.")

    class Meta:
        """The fields are the version's; the use case itself has none to edit."""

        model = UseCase
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.current is not None:
            before = loading.described(self.instance.current)
            self.initial.update({name: getattr(before, name) for name in FIELDS})

    def clean(self) -> dict[str, Any]:
        """Refuses what could not answer calls, field by field."""
        values = super().clean() or {}
        if self.errors:
            return values
        values |= {"relay": values.get("relay") or {}, "keys": values.get("keys") or {}, "tools": values.get("tools") or []}
        values["translations"] = values.get("translations") or {}
        try:
            check(self.instance.slug, Description(**{name: values[name] for name in FIELDS}))
        except BadUseCaseError as error:
            for name, problem in error.problems.items():
                self.add_error(name if name in self.fields else None, problem)
        return values


class VersionInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """All versions, newest first."""

    model = UseCaseVersion
    fk_name = "use_case"
    fields = readonly_fields = ("number", "title", "greeting", "edited_by", "created_at")
    can_delete = False
    extra = 0


@admin.register(UseCase)
class UseCaseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Use cases. They come from folders; what they say may be edited."""

    form = UseCaseForm
    list_display = ("slug", "title", "version", "edited_by")
    list_select_related = ("current",)
    readonly_fields = ("slug", "folder")
    fields = ("slug", *FIELDS, "folder")
    inlines = (VersionInline,)
    actions = ("take_folder",)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """A use case is a folder."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: UseCase | None = None) -> bool:
        """Calls have had it."""
        return False

    def title(self, use_case: UseCase) -> str:
        """As callers hear it."""
        return use_case.current.title if use_case.current else ""

    def version(self, use_case: UseCase) -> int | None:
        """The number of the version in force."""
        return use_case.current.number if use_case.current else None

    def edited_by(self, use_case: UseCase) -> str:
        """Who edited the version in force; empty: it is the folder's."""
        return use_case.current.edited_by if use_case.current else ""

    @admin.display(description="Difference to its folder")
    def folder(self, use_case: UseCase) -> SafeString:
        """What taking the folder's state would change."""
        if use_case.current is None:
            return format_html("{}", "Not loaded.")
        try:
            difference = loading.difference_between(loading.described(use_case.current), read_folder(use_case.slug))
        except BadUseCaseError as error:
            return format_html("{}", str(error))
        return format_html("<pre>{}</pre>", difference or "None.")

    def save_model(self, request: HttpRequest, obj: UseCase, form: Any, _change: bool) -> None:
        """The next version, for new calls."""
        version = loading.edit(slug=obj.slug, by=str(getattr(request.user, "email", "")), **{name: form.cleaned_data[name] for name in FIELDS})
        messages.info(request, f"Version {version.number} answers new calls. Calls that are on keep theirs.")

    @admin.action(description="Take the folder's state (edits stay as an older version)")
    def take_folder(self, request: HttpRequest, use_cases: Any) -> HttpResponse | None:
        """Shows what would change; with a yes to just that, changes it. What changed since it was shown is shown again."""
        left = [use_case for use_case in use_cases if not ("confirmed" in request.POST and self._taken(request, use_case))]
        differences = [difference for use_case in left if (difference := self._difference(request, use_case)) is not None]
        if not differences:
            return None
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": "Take the folder's state", "differences": differences}
        return TemplateResponse(request, "admin/use_cases/usecase/take_folder.html", context)

    def _taken(self, request: HttpRequest, use_case: UseCase) -> bool:
        """Takes the folder's state, if it is what was shown; False: it is not."""
        try:
            loaded = loading.take_folder(use_case.slug, seen=request.POST.get(f"seen_{use_case.pk}", ""))
        except loading.SeenOtherwiseError:
            messages.warning(request, f"{use_case.slug} changed since you saw the difference. This is how it is now.")
            return False
        except BadUseCaseError:
            return False
        if loaded.state is loading.State.UPDATED:
            self.log_change(request, use_case, "Took the folder's state.")
        messages.info(request, f"{use_case.slug}: {loaded.state.value}")
        return True

    def _difference(self, request: HttpRequest, use_case: UseCase) -> loading.Difference | None:
        """What would change; None: nothing, or nothing that could be, and a message says so."""
        try:
            difference = loading.look(use_case.slug)
        except BadUseCaseError as error:
            messages.error(request, str(error))
            return None
        except UseCase.DoesNotExist:
            messages.error(request, f"{use_case.slug} was never loaded.")
            return None
        if not difference.lines:
            messages.info(request, f"{use_case.slug}: {loading.State.UNCHANGED.value}")
            return None
        return difference


@admin.register(InboundNumber)
class InboundNumberAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Numbers of ours, and what answers them."""

    list_display = ("number", "use_case", "user", "menu", "time_zone")
    list_select_related = ("user",)
    raw_id_fields = ("user",)


@admin.register(Caller)
class CallerAdmin(OpenedPages, admin.ModelAdmin):  # type: ignore[type-arg]
    """Who has rung. Names and choice may be put right, also while they are on the phone and tell them."""

    list_display = ("number", "first_name", "last_name", "use_case", "user", "updated_at")
    list_select_related = ("user",)
    search_fields = ("number", "first_name", "last_name", "email")
    readonly_fields = ("number", "user", "made", "created_at", "updated_at")
    paginator = FirstRows
    show_full_result_count = False

    @admin.display(description="what they have")
    def made(self, caller: Caller) -> SafeString:
        """Their orders and tours."""
        return links_to_rows(caller.pk)


@admin.register(InboundCall)
class InboundCallAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Calls that came in."""

    list_display = ("call", "caller", "version", "rung", "called_back")
    list_select_related = ("call", "caller", "version__use_case")
    list_filter = ("version__use_case",)
    search_fields = ("call__id", "call__number")
    show_full_result_count = False

    @admin.display(boolean=True, description="called back after an outage")
    def called_back(self, taken: InboundCall) -> bool:
        """Whether Floyd rang them, since their own call could not be taken."""
        return taken.call.is_rung_back


@admin.register(MissedCall)
class MissedCallAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Calls that could not be taken, and whether their callers were called back."""

    list_display = ("caller", "rung", "state", "reason", "call", "why_not", "created_at")
    list_select_related = ("caller", "call")
    list_filter = ("state", "reason")
    search_fields = ("caller__number", "call__id")
    show_full_result_count = False


@admin.register(ToolRun)
class ToolRunAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Tools that ran during calls."""

    list_display = ("call", "name", "tries", "ms", "line", "created_at")
    list_filter = ("name",)
    search_fields = ("call__id",)
    show_full_result_count = False


@admin.register(HandOff)
class HandOffAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Calls that a person was to take over."""

    list_display = ("call", "code", "state", "created_at")
    list_filter = ("code", "state")
    search_fields = ("call__id",)


folders.import_admin()
