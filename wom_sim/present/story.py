"""The facts of a comparison as sentences, in the words of a language: shared by report, deck and notebook."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

from wom_sim._tables import ALL_POLICIES
from wom_sim.outcomes.drivers import of_the_choice
from wom_sim.outcomes.indicators import HARDLY, how_many
from wom_sim.outcomes.materiality import VALUE, Choice, choose
from wom_sim.outcomes.risk import unseen_events
from wom_sim.outcomes.worlds import Judgement, judge
from wom_sim.present import facts
from wom_sim.present.result_folder import Findings
from wom_sim.scenario import Scenario
from wom_sim.scenario.beyond import Beyond, beyond, in_words
from wom_sim.scenario.duties import on_duties
from wom_sim.scenario.evidence import Unmeasured, unmeasured
from wom_sim.scenario.figures import figures_for
from wom_sim.scenario.relevance import without_names
from wom_sim.scenario.represents import few_chosen
from wom_sim.scenario.translation import told_in, words_for
from wom_sim.scenario.used import is_choice
from wom_sim.study.preferred import Sentences, rule_of, with_duties
from wom_sim.study.risk_words import unseen_words
from wom_sim.study.verdict import beyond_what_is_known, sentences
from wom_sim.study.verdict_news import under_each_rule
from wom_sim.study.verdict_worlds import sentences_over_worlds, what_decides
from wom_sim.study.worlds_drawn import keys_drawn
from wom_sim.words import Words, sentence

_HEADED, _PAIRED = 2, 4
"""More policies than that are counted in a heading, and more pairs in a sentence, not named."""
FEW_FOR_TAILS = 60
"""Below so many runs, an event of one run in twenty goes unseen with more than 4.6 % (0.95 to the power 60)."""


class Story:
    """Tells what a comparison found. Nothing it says is more certain than the figures."""

    def __init__(self, found: Findings, words: Words, assumed: list[Unmeasured]) -> None:
        self.found = found
        self.words = words
        self.figures = figures_for(found.scenario, words)
        self.assumed = assumed
        self._verdicts: dict[tuple[Beyond, ...], Sentences] = {}

    @cached_property
    def told(self) -> Scenario:
        """Return the scenario with its own texts in this language, where it has them."""
        return told_in(self.found.scenario, self.words.lang)

    # -- names and numbers ----------------------------------------------------------------------------------

    def policy(self, name: str) -> str:
        """Return a policy's name within a sentence."""
        return self.words.policy_said(name)

    def heading(self, name: str) -> str:
        """Return a policy's name as a heading; of rows about the choice among all, that they are."""
        if name == ALL_POLICIES:
            return self.words.say("report.decides.all_policies")
        return sentence(self.words.policy(name))

    def text(self, key: str, otherwise: str) -> str:
        """Return the text of a key; ``otherwise`` where the catalogue has none, as for a unit of somebody's own."""
        return self.words.text(key, otherwise)

    def parameter(self, key: str) -> str:
        """Return what a number of the model is called: its meaning, by its key."""
        meanings, general = {a.key: a.meaning for a in self.assumed}, without_names(key)
        return self.words.parameter(general, meanings.get(key, meanings.get(general, key)))

    def mean(self, policy: str, indicator: str, brief: bool = False) -> str:
        """Return the mean of an indicator under a policy."""
        unit = self.unit(indicator)
        e = self.found.estimate(policy, indicator)
        if unit == "chance" and self.found.worlds:
            return self.words.share(e.mean)
        return self.figures.mean(indicator, unit, e.mean, e.n, brief)

    def covered(self, policy: str) -> str:
        """Return in how many runs a policy makes the national news, for a sentence."""
        e = self.found.estimate(policy, "national_coverage")
        return self.figures.said_runs(e.mean, e.n, bool(self.found.worlds))

    def unit(self, indicator: str) -> str:
        """Return the unit of an indicator."""
        return self._units[indicator]

    @cached_property
    def _units(self) -> dict[str, str]:
        summary = self.found.summary
        return dict(zip(summary["indicator"], summary["unit"].astype(str), strict=True))

    def money(self, value: float) -> str:
        """Return an amount in the scenario's currency."""
        return self.figures.value(value, "currency")

    # -- the verdict ----------------------------------------------------------------------------------------

    def headline(self) -> str:
        """Return the verdict as a heading."""
        leading, choice = facts.lead(self.found), self.choice
        if leading is None:
            return self.words.say("report.lead.alone")
        if choice.by != VALUE:
            return sentence(self._equal(choice))
        text = self.words.say(
            "report.lead.best" if leading.gap.n > 1 else "report.lead.once", best=self.policy(leading.best),
            rival=self.policy(leading.rival), gap=self.money(leading.gap.mean),
        )  # fmt: skip
        return sentence(text)

    @cached_property
    def choice(self) -> Choice:
        """Return which policies are told as equal to the best, and which of them is to be preferred."""
        return choose(self.found.replications, rule_of(self.found.scenario))

    def _equal(self, choice: Choice) -> str:
        """Return in a few words that policies are equal, and what decides among them."""
        named = [self.policy(p) for p in choice.equals]
        pair = self.words.listed(named)
        if len(named) > _HEADED:
            pair = self.words.say("report.lead.several", n=self.words.number(len(named)))
        return self.words.say(f"report.lead.equal_{choice.by}", pair=pair, chosen=self.policy(choice.chosen))

    def verdict(self) -> list[str]:
        """Return the verdict in a few sentences, those of the terminal: what is known, assumed, and would change it."""
        return self._verdict(beyond(self.found.scenario), duties=True).in_order()

    def _verdict(self, guessed: Sequence[Beyond], duties: bool = False) -> Sentences:
        """Return the verdict; ``duties``: also which policies break a duty of the law."""
        said = self._judged(guessed)
        return with_duties(said, self.found.scenario, self.words) if duties else said

    def _judged(self, guessed: Sequence[Beyond]) -> Sentences:
        """Return the verdict; worked out once for the same guesses, since many sections say it."""
        key = tuple(guessed)
        if key not in self._verdicts:
            self._verdicts[key] = self._judge(key)
        return self._verdicts[key]

    @cached_property
    def judgement(self) -> Judgement:
        """The verdict over worlds in figures."""
        scenario = self.found.scenario
        return judge(self.found.replications, seed=scenario.run.seed, rule=rule_of(scenario))

    def _over_worlds(self) -> bool:
        return bool(self.found.worlds) and "drivers" in self.found.extra

    def _judge(self, guessed: Sequence[Beyond]) -> Sentences:
        found, scenario = self.found, self.found.scenario
        if self._over_worlds():
            told = found.run.get("drawn")
            why = {each["key"]: str(each.get("why")) for each in told} if isinstance(told, list) else {}
            drawn = [why.get(key, "") for key in keys_drawn(found.extra["worlds"])] if "worlds" in found.extra else []
            rules = under_each_rule(found.replications, found.extra.get("worlds"))
            return sentences_over_worlds(self.judgement, found.extra["drivers"], self.figures, drawn, guessed, rules)
        return sentences(found.replications, self.figures, self.assumed, rule_of(scenario), guessed)

    def verdict_apart(self) -> tuple[list[str], str]:
        """Return the verdict without the sentence on what is assumed, and that sentence ("" where there is none).

        What is a guess stays with the verdict, before what decides among equals: that is in the title as well.
        """
        said, guesses = self._verdict(()), beyond_what_is_known(beyond(self.found.scenario), self.figures)
        told = (said.known, *guesses, said.preferred, *on_duties(self.found.scenario, self.words), said.change)
        return [text for text in told if text], said.rests_on

    def change(self, keys: bool = True) -> str:
        """Return what would change the verdict, as it says it; "" where there is nothing to compare.

        ``keys``: with the keys of numbers and their shares of the variance, which a board does not read.
        """
        if keys or not self._over_worlds():
            return self._verdict(()).change
        return sentence(what_decides(self.judgement, self.found.extra["drivers"], self.figures, keys=False))

    def preferred(self) -> str:
        """Return which policies are equal in money and what decides among them; "" where none is equal to the best."""
        return self._verdict(()).preferred

    def did(self, policy: str) -> str:
        """Return what a policy did: people reached, profitable customers lost, national news."""
        e = self.found.estimate
        many = how_many(e(policy, facts.LOST).mean)
        key = "did" if many == "some" else f"did_{many}"
        values = {
            "policy": self.policy(policy), "reached": self.mean(policy, "reached"),
            "covered": self.covered(policy),
        }  # fmt: skip
        if many != "none":
            values["lost"] = self.mean(policy, facts.LOST)
        return sentence(self.words.say(f"report.says.{key}", **values))

    def guessed(self) -> list[str]:
        """Return a sentence on each thing that lies beyond the range for which it is known how people react."""
        scenario = self.found.scenario
        return [in_words(item, self.words, scenario.currency) for item in beyond(scenario)]

    # -- how sure, and why ----------------------------------------------------------------------------------

    def how_sure(self) -> list[str]:
        """Return why the result can be trusted, and how far."""
        say, found = self.words.say, self.found
        said = [say("report.says.luck_worlds" if found.worlds else "report.says.luck")]
        leading = facts.lead(found)
        if leading is not None:
            k, n = facts.chance_better(found, leading.best, leading.rival)
            best, rival = self.policy(leading.best), self.policy(leading.rival)
            number = self.words.number
            said.append(sentence(say("report.says.better", best=best, rival=rival, k=number(k), n=number(n))))
            said.append(self.undecided() or (self.words.say("report.says.decided") if found.runs > 1 else ""))
        if found.worlds:
            said.append(say("report.says.worlds", n=self.words.number(found.worlds)))
        else:
            said.append(say("report.says.one_world"))
        if found.runs < FEW_FOR_TAILS:
            said.append(say("report.says.few", n=self.words.number(found.runs)))
        return [text for text in said if text]

    def undecided(self) -> str:
        """Return which pairs of policies the runs do not tell apart, the first of many; "" where there is none."""
        open_ = facts.undecided(self.found) if self.found.runs > 1 else []
        pairs = [self.words.say("report.says.pair", a=self.policy(a), b=self.policy(b)) for a, b in open_]
        if len(pairs) > _PAIRED + 1:
            rest = self.words.number(len(pairs) - _PAIRED)
            return self.words.say("report.says.undecided_many", pairs=", ".join(pairs[:_PAIRED]), n=rest)
        return self.words.say("report.says.undecided", pairs=self.words.listed(pairs)) if pairs else ""

    # -- sections -------------------------------------------------------------------------------------------

    def happens(self) -> list[str]:
        """Return how far the story goes, and when."""
        found, say = self.found, self.words.say
        loudest = facts.most(found, "reached")
        values = {
            "policy": self.policy(loudest), "reached": self.mean(loudest, "reached"),
            "days": self.words.number(found.scenario.run.days),
        }  # fmt: skip
        post, national = (found.estimate(loudest, name).median for name in ("first_post_day", "national_day"))
        if math.isfinite(post):
            said = [say("report.happens.text", post=self.figures.value(post, "day"), **values)]
        else:
            said = [say("report.happens.text_quiet", **values)]
        if math.isfinite(national):
            covered = self.covered(loudest)
            said.append(say("report.happens.national", day=self.figures.value(national, "day"), covered=covered))
        elif all(found.estimate(p, "national_coverage").mean == 0.0 for p in found.policies):
            never = [e.most for e in unseen_events(found.replications) if e.event == "news"]
            said += [say("report.happens.quiet", most=self.words.rough_share(most)) for most in never]
        return [sentence(text) for text in said]

    def leaves(self, title: bool = False) -> str:
        """Return how many profitable customers the costliest policy loses, and why most of them leave."""
        policy = facts.most(self.found, facts.LOST)
        many = how_many(self.found.estimate(policy, facts.LOST).mean)
        if many == "none":
            return self.words.say("deck.leaves.title_none" if title else "report.leaves.none")
        if many == "few":
            told = {"policy": self.policy(policy), "lost": self.mean(policy, facts.LOST)}
            return sentence(self.words.say("deck.leaves.title_few" if title else "report.leaves.few", **told))
        values = {"policy": self.policy(policy), "lost": self.mean(policy, facts.LOST)}
        part, share = facts.main_reason(self.found, policy)
        key = f"deck.leaves.title.{part}" if title else f"report.leaves.text.{part}"
        return sentence(self.words.say(key, share=self.words.share(round(share, 2)), **values))

    def keeps(self) -> list[str]:
        """Return how many profitable customers a policy keeps who would have left, for each that keeps any."""
        kept = [p for p in self.found.options if self.found.estimate(p, "kept_profitable").mean >= HARDLY]
        values = [{"policy": self.policy(p), "kept": self.mean(p, "kept_profitable")} for p in kept]
        return [sentence(self.words.say("report.leaves.kept", **told)) for told in values]

    def money_text(self, policy: str) -> str:
        """Return what a policy saves on those let go, and what it gains and loses in other ways."""
        saved, gained, lost = facts.saved_gained_lost(self.found, policy)
        more = self.words.say("report.money.gained", more=self.money(gained)) if gained > 0.0 else ""
        values = {"policy": self.policy(policy), "saved": self.money(saved), "gained": more}
        if lost == 0.0:
            return sentence(self.words.say("report.money.gain", **values))
        name, amount = facts.worst_line(self.found, policy)
        line = self.words.name("indicator", name)
        told = {"lost": self.money(lost), "line": line, "amount": self.money(-amount)}
        return sentence(self.words.say("report.money.text", **told, **values))

    def risk_text(self) -> list[str]:
        """Return in how many runs a policy did worse than keeping everyone, and what the runs leave open."""
        return [*self.losses(), *self.unseen()]

    def losses(self) -> list[str]:
        """Return in how many runs each policy did worse than keeping everyone; that none did, and what that proves."""
        found, say, number = self.found, self.words.say, self.words.number
        losses = {p: facts.chance_of_loss(found, p) for p in found.options}
        said = []
        for policy, (share, _, _, n) in losses.items():
            if share > 0.0:
                news = self.covered(policy)
                loss = self.figures.said_runs(share, n)
                said.append(sentence(say("report.risk.text", policy=self.policy(policy), loss=loss, news=news)))
        if losses and not said:
            n, upper = max((n, high) for _, _, high, n in losses.values())
            said.append(say("report.risk.text_none", n=number(n)))
            said.append(say("report.risk.upper", upper=self.words.rough_share(upper)))
        return said

    def unseen(self) -> list[str]:
        """Return what is rare and dear and came in no run of some policies, and how often it may come all the same."""
        return unseen_words(unseen_events(self.found.replications), self.words)

    def decides(self, brief: bool = False) -> list[str]:
        """Return what decides the result over the drawn worlds; that it cannot be said where none were drawn.

        ``brief``: without that no number is worth more than chance shows, which ``change`` says as well.
        """
        verdicts, drivers = (self.found.extra.get(name) for name in ("verdicts", "drivers"))
        if verdicts is None or verdicts.empty:
            return [self.words.say("report.decides.none")]
        top = verdicts.sort_values("share_best", ascending=False, kind="stable").iloc[0]
        share = self.words.share(float(top["share_best"]))
        policy = self.policy(str(top["policy"]))
        plain = drivers is None or drivers.empty or "evppi" not in drivers
        if plain or (brief and self.driver() is None):
            return [sentence(self.words.say("report.decides.text_plain", policy=policy, share=share))]
        first = self.driver()
        if first is None:
            return [sentence(self.words.say("report.decides.text_chance", policy=policy, share=share))]
        name, worth = first
        return [
            sentence(self.words.say("report.decides.text", policy=policy, share=share, parameter=name, worth=worth))
        ]

    def driver(self) -> tuple[str, str] | None:
        """Return the number most worth finding out and its worth; None where none is worth more than chance shows."""
        drivers = self.found.extra.get("drivers")
        if drivers is None or drivers.empty or "evppi" not in drivers:
            return None
        drivers = of_the_choice(drivers)
        unknown = drivers[~drivers["parameter"].map(is_choice).astype(bool)]
        if unknown.empty:
            return None
        first = unknown.sort_values("evppi", ascending=False, kind="stable").iloc[0]
        if float(first["evppi"]) <= 0.0 or str(first.get("beyond_chance", True)) == "False":
            return None
        return self.parameter(str(first["parameter"])), self.money(float(first["evppi"]))

    def varied(self, whom: str) -> str:
        """Return what was compared, on how many people, how often."""
        scenario, number = self.found.scenario, self.words.number
        people = scenario.population.customers + scenario.population.prospects
        told = self.words.say(
            "report.varied.text", policies=number(len(self.found.policies)), people=number(people),
            days=number(scenario.run.days), runs=number(self.found.runs), whom=whom,
        )  # fmt: skip
        return " ".join([told, *self.standing()])

    def standing(self) -> list[str]:
        """Return for how many each simulated person stands, and what is lost by it; nothing where that is one."""
        scenario, say, number = self.found.scenario, self.words.say, self.words.number
        if scenario.run.represents == 1:
            return []
        few = few_chosen(scenario)
        said = [say("report.varied.represents", n=number(scenario.run.represents))]
        return said if few is None else [*said, say("report.varied.few", n=number(few))]


def story_of(found: Findings, lang: str, assumed: list[Unmeasured] | None = None) -> Story:
    """Return the story of a comparison in a language; ``assumed``: what it rests on, where that is known already.

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    return Story(found, words_for(found.scenario, lang), unmeasured(found.scenario) if assumed is None else assumed)
