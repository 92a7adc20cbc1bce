"""The words of the report: each machine word has one label for people, in each language there is a catalogue for.

English stands in the source and is the key of the catalogues (gettext). ``reports/catalogues/hcgov.pot`` lists all
of them; a translation is ``reports/catalogues/<lang>/LC_MESSAGES/hcgov.mo``. What has no translation stays English.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from gettext import NullTranslations

from hcgov.core.frozen import frozen
from hcgov.core.record import ReportV1, SentenceV1, StageV1
from hcgov.core.text import Text, filled
from hcgov.io.render.plain import plain


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a text for the catalogue and return it."""
    return message


VERDICTS = {
    "pass": N_("Met"),
    "fail": N_("Not met"),
    "inconclusive": N_("Not enough data to tell"),
    "missing": N_("Missing evidence"),
    "error": N_("Could not be checked"),
    "pending": N_("Waiting for a person"),
    "not_evaluated": N_("Not evaluated"),
    "not_applicable": N_("Not applicable"),
}
"""In the order in which reports list them; ``pass`` comes last there (see :data:`VERDICT_ORDER`)."""

VERDICT_ORDER = (
    "fail",
    "inconclusive",
    "missing",
    "error",
    "pending",
    "not_evaluated",
    "not_applicable",
    "pass",
)

VERDICT_MEANINGS = {
    "pass": N_("The evidence is there, and it is sure enough that the limit is kept."),
    "fail": N_("The evidence is there, and it is sure enough that the limit is broken."),
    "inconclusive": N_(
        "The evidence allows both readings. More data would decide; nobody is accused or cleared."
    ),
    "missing": N_("What had to be looked at was not there, could not be read, or was too old."),
    "error": N_("The check itself broke. This says nothing about the system, and is never counted as met."),
    "pending": N_("A person has to answer or sign before this can be decided."),
    "not_evaluated": N_("Switched off, or not yet in force. It is listed so that nobody takes it for met."),
    "not_applicable": N_("The control does not concern this system; the reason is stated."),
}

SHAPES = {
    "pass": "●",
    "fail": "■",
    "inconclusive": "◆",
    "missing": "□",
    "error": "✖",
    "pending": "○",
    "not_evaluated": "◌",
    "not_applicable": "–",
    "waived": "▲",
}

DECISIONS = {
    "passed": N_("Ready for release"),
    "passed_with_conditions": N_("Ready for release, with conditions"),
    "failed": N_("Not ready for release"),
    "incomplete": N_("Cannot be decided yet"),
}

PART_DECISIONS = {
    "passed": N_("The stages that ran are met"),
    "passed_with_conditions": N_("The stages that ran are met, with conditions"),
    "failed": N_("Not ready: the stages that ran are not met"),
    "incomplete": N_("The stages that ran cannot be decided yet"),
}
"""Said where only some stages ran: a part of the lifecycle is never called a release."""

STAGE_DECISIONS = {
    "passed": N_("Passed"),
    "passed_with_conditions": N_("Passed with conditions"),
    "failed": N_("Failed"),
    "incomplete": N_("Cannot be decided yet"),
    "": N_("Did not run"),
}

DECISION_TONES = {
    "passed": "pass",
    "passed_with_conditions": "waived",
    "failed": "fail",
    "incomplete": "inconclusive",
}

DISPOSITIONS = {
    "clear": N_("Clear"),
    "warned": N_("Warning"),
    "waived": N_("Exception accepted"),
    "undetermined": N_("Holds back the decision"),
    "blocked": N_("Blocks release"),
    "listed": N_("Listed only"),
}

SEVERITIES = {
    "critical": N_("Critical"),
    "high": N_("High"),
    "medium": N_("Medium"),
    "low": N_("Low"),
}

ENFORCEMENTS = {
    "mandatory": N_("Mandatory"),
    "overridable": N_("Can be waived"),
    "advisory": N_("Advice"),
}

METRICS = {
    "krippendorff_alpha": N_("Krippendorff’s alpha"),
    "gwet_ac": N_("Gwet’s AC"),
    "fleiss_kappa": N_("Fleiss’ kappa"),
    "brennan_prediger": N_("Brennan and Prediger’s coefficient"),
    "kendall_zeta": N_("Kendall’s zeta"),
    "group_association": N_("Agreement within over agreement across the group’s border"),
    "permutation_p": N_("p-value of permuted groups"),
    "f1": N_("F1"),
    "f1_score": N_("F1 score"),
    "ai_share": N_("Share judged by AI"),
    "ai_feedback_deficit": N_("Deficit of AI feedback"),
}
"""Names of metrics whose own word does not read well."""

RISK_PROFILES = {"low": N_("Low"), "standard": N_("Standard"), "high": N_("High")}

REASONS = {
    "small_n": N_("too few to tell"),
    "few_people": N_("too few people to tell"),
    "small_and_apart": N_("too small to decide, and far beyond the limit"),
    "few_clusters": N_("too few people or items to tell how they vary"),
    "near_threshold": N_("too close to the limit to tell"),
    "not_randomised": N_("the order was not randomised"),
    "missing_demographics": N_("the groups are not recorded"),
    "missing_outcomes": N_("outcomes are not recorded"),
    "not_connected": N_("the comparisons are not connected"),
    "judge_uninformative": N_("the judge tells nothing"),
    "unmatched_pairs": N_("the pairs do not match"),
    "constant_outcome": N_("the outcome is the same for everyone"),
    "suppressed": N_("suppressed to protect people"),
    "coverage": N_("too few people stand in groups that can be judged"),
    "no_interval": N_("no interval can be given"),
    "absent_group": N_("a declared group, or a crossing of them, has no rows"),
    "undeclared_group": N_("the group is not declared"),
    "look_alike_groups": N_("groups differ only in how they are written"),
    "identifier_column": N_("the column identifies people instead of grouping them"),
    "repeated_judgments": N_("the same judgment stands more than once"),
    "unusable_weights": N_("the weights cannot be used"),
    "unknown_fact": N_("not known whether it applies"),
    "reported": N_("reported, not gating"),
}

SOURCES = {
    "paper": N_("taken from a publication"),
    "convention": N_("a convention of the field"),
    "default": N_("a default of the policy pack"),
    "organisation": N_("set by the organisation"),
}

METHODS = {
    "clopper_pearson": N_("Clopper–Pearson (exact)"),
    "wilson": N_("Wilson score"),
    "clopper_pearson_over_target": N_("Clopper–Pearson, divided by the target share"),
    "miettinen_nurminen": N_("Miettinen–Nurminen score"),
    "koopman": N_("Koopman score"),
    "student_t": N_("Student’s t"),
    "empirical_bernstein": N_("empirical Bernstein"),
    "normal_on_root": N_("normal on the square root"),
    "beta_binomial_sequence": N_("beta-binomial confidence sequence"),
    "point": N_("no interval"),
}


@frozen
class Labels:
    """The words of one language; ``lang`` is the language that was found, for the ``lang`` attribute."""

    lang: str
    translations: NullTranslations

    def say(self, message: str) -> str:
        """Return a text of the catalogue in this language."""
        return self.translations.gettext(message) if message else ""

    def verdict(self, word: str) -> str:
        """Return the label of a verdict."""
        return self._known(VERDICTS, word)

    def disposition(self, word: str) -> str:
        """Return the label of a disposition."""
        return self._known(DISPOSITIONS, word)

    def severity(self, word: str) -> str:
        """Return the label of a severity."""
        return self._known(SEVERITIES, word)

    def enforcement(self, word: str) -> str:
        """Return the label of an enforcement."""
        return self._known(ENFORCEMENTS, word)

    def risk_profile(self, word: str) -> str:
        """Return the label of a risk profile."""
        return self._known(RISK_PROFILES, word)

    def reason(self, word: str) -> str:
        """Return what a reason code means."""
        return self._known(REASONS, word)

    def source(self, word: str) -> str:
        """Return where a limit comes from."""
        return self._known(SOURCES, word)

    def method(self, word: str) -> str:
        """Return the name of an interval method."""
        return self._known(METHODS, word)

    def decision(self, report: ReportV1) -> str:
        """Return the decision in words; a run of some stages only is never called a release."""
        ran = {stage.ran for stage in report.stages}
        return self._known(PART_DECISIONS if len(ran) > 1 else DECISIONS, report.decision.value)

    def stage_decision(self, stage: StageV1) -> str:
        """Return the decision of one stage in words."""
        return self._known(STAGE_DECISIONS, stage.decision if stage.ran else "")

    def metric(self, word: str) -> str:
        """Return a metric's name in words: ``false_positive_gap`` is ``False positive gap``."""
        name = word.rpartition(".")[2].removesuffix("_by_group")
        if name in METRICS:
            return self.say(METRICS[name])
        words = name.replace("_", " ").strip()
        return self.say(words[:1].upper() + words[1:])

    def metrics(self, names: Iterable[str]) -> str:
        """Return the names of several metrics, with commas."""
        return ", ".join(map(self.metric, names))

    def sentence(self, sentence: SentenceV1 | None) -> str:
        """Return a sentence of the record; in English, and where there is no translation, as it was written."""
        if sentence is None:
            return ""
        found = self.say(sentence.template)
        if found == sentence.template:
            return sentence.text
        return filled(found, sentence.values)

    def text(self, text: Text) -> str:
        """Return a sentence of a sheet, fit to be shown; in English where there is no translation."""
        found = self.say(text.template)
        return plain(str(text) if found == text.template else filled(found, dict(text.values)))

    def _known(self, words: Mapping[str, str], word: str) -> str:
        return self.say(words[word]) if word in words else word.replace("_", " ")


@lru_cache(maxsize=8)
def labels(lang: str = "en") -> Labels:
    """Return the words of a language, in English where there is no catalogue for it."""
    if lang == "en":
        return Labels(lang="en", translations=NullTranslations())
    from gettext import find, translation

    from hcgov.io.data import data_path

    folder = str(data_path("reports", "catalogues"))
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", lang) or not find("hcgov", folder, [lang]):
        return labels("en")
    return Labels(lang=lang, translations=translation("hcgov", folder, [lang]))
