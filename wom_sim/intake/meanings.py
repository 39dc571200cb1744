"""What a column of a customer table may mean, by the words its header is known by.

The words were collected from public churn tables and from exports of customer systems in English, Dutch and German;
they decide nothing alone: a column is only taken where its cells can be read so.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from wom_sim.intake.cells import plain


class Meaning(NamedTuple):
    """A meaning: its kind of cell, and patterns of headers, the most telling first; ``not_if`` rules one out."""

    name: str
    kind: str
    patterns: tuple[str, ...]
    not_if: str = r"(?!)"


_PER = (
    r"( ?(per|p|a|each|pr) ?(m|mnd|maand|month|mo|monat|year|jaar|jahr|yr|quarter|kwartaal|week|day|dag))?"
    r"( \d+ ?m)?"
)
_WHO = "customer|client|klant|klanten|kunde|kunden|subscriber|member|user|relatie|debiteur|debtor|cust|abonnee|party"
_NO = "id|nr|no|num|number|nummer|code|key|uuid"

MEANINGS = (
    Meaning("customer", "id", (
        rf"({_WHO}) ?({_NO})|clientnum|msisdn", rf"({_NO})|guid|lidnummer", rf"(account|acct|rekening) ?({_NO})",
        "account|subscriber|klant|customer", rf"(phone|telefoon|contract|policy|polis) ?({_NO})",
    )),
    Meaning("revenue", "amount", (
        rf"(monthly|maandelijkse|maand) ?(revenue|charges?|omzet|fee|bill|spend|amount|bedrag|price|premium|umsatz)"
        rf"|mrr|arpu|(omzet|revenue|turnover|umsatz){_PER}",
        r"monthly|maandbedrag|termijnbedrag|(annual|yearly|jaar) ?(revenue|omzet|charges|premium|spend|turnover)|arr",
        rf"(charges?|amount|bedrag|price|fee|premium|premie|sales|spend|billed|abonnementsprijs|tarief|factuurbedrag"
        rf"|invoice amount|line total|total price|betrag){_PER}",
        r"total ?(revenue|charges|spend|sales|omzet)|omzet totaal|lifetime (revenue|spend)",
    ), r"score|last|extra|overage|refund|long distance"),
    Meaning("cost", "amount", (
        rf"(monthly |service |servicing )?(costs?|kosten|kostprijs){_PER}|cost to serve{_PER}|servicekosten{_PER}",
    ), r"acquisition|centre|center"),
    Meaning("calls", "count", (
        rf"(customer )?(cust )?(serv|service|support|helpdesk|klantenservice)? ?(calls|belletjes|tickets|contacten"
        rf"|contacts|complaints|klachten|meldingen|interactions|requests|anrufe|cases|contactmomenten|gesprekken)"
        rf"( count| aantal)?( \d+ ?(m|mon|months|mnd|maanden))?{_PER}",
        r"(number of|num|no of|aantal|total|n) ?(customer )?(service |support |tech |admin )?(calls|tickets|contacts"
        r"|complaints|belletjes|contacten|klachten|oproepen|cases)( \d+ ?(m|mon|mnd|months))?(last month|last year)?",
    ), r"day calls|night calls|eve calls|intl|minutes"),
    Meaning("since", "date", (
        r"(customer|klant|kunde|member) ?(since|sinds|seit)|since|sinds|seit",
        r"(start|sign ?up|join(ed|ing)?|registration|activation|inception|onboard(ed|ing)?|first order|begin|created"
        r"|ingangs|aanmeld)( ?(date|datum|at|on))?|ingangsdatum|startdatum|begindatum|aanmelddatum|created at",
    ), r"end"),
    Meaning("tenure", "count", (
        r"tenure( in)?( ?(months?|days|years?|maanden|jaren))?|(months|years|maanden|jaren) on book|klantduur",
        r"(months|maanden|monate)( as customer)?|account length|(customer|klant|membership) ?(age|tenure|months|duur)",
    )),
    Meaning("contract_end", "date", (
        r"(contract|subscription|abonnement|term|vertrags?) ?(end|einde?|expiry|expiration|ende)( ?(date|datum))?",
        r"(renewal|verleng(ings)?|verval|eind|end|expiry|expiration|expires)( ?(date|datum|on|at))?|einddatum"
        r"|verlengdatum|vervaldatum|vertragsende|contracteinde",
    )),
    Meaning("contract", "term", (
        r"contract( ?(type|term|length|duration|period|months|duur))?|contractduur|contractlooptijd|vertragslaufzeit",
        r"plan|looptijd|term|subscription( ?(type|length|plan))?|abonnement|laufzeit",
    )),
    Meaning("churned", "yes_no", (
        r"churn(ed)?( ?(flag|label|value|yn))?\??|exited|attrition( flag)?|opgezegd|left|cancell?ed|gekundigt",
        r"(customer|klant|account)? ?status|lost|inactive|beeindigd|terminated|closed",
        r"(is )?(active|actief|aktiv)( (member|customer))?",
    ), r"score|prob|predict|reason|risk"),
    Meaning("left_on", "date", (
        r"(churn(ed)?|cancel(l?ed|lation)?|leav(e|ing)|left|departure|terminat(ed|ion)|exit(ed)?|opzeg(ging|d)?|vertrek"
        r"|kundigungs?|gekundigt|uitschrijf)( ?(date|datum|day|at|on))?|(end|lost) (of customer|as customer)",
    ), r"score|prob|predict|reason|risk|flag"),
    Meaning("segment", "text", (
        r"(customer|klant|market|kunden)? ?(segment|tier|klasse|groep|group|class|type|category)|klantsegment"
        r"|klantgroep|klanttype|kundengruppe",
        r"plan( name)?|product|package|pakket|abonnement|channel|kanaal",
        r"region|regio|geography|income category|card category",
    )),
    Meaning("household", "text", (
        rf"(household|huishouden|haushalt|family|home) ?({_NO})?|adres|address|street address|adresse",
        rf"(account|acct|parent|bill(ing)?) ?({_NO}|account|address)?",
    )),
    Meaning("advocate", "score", (
        r"nps( ?score)?|net promoter( score)?|promoter|advocate|ambassadeur|ambassador",
        r"(likelihood to )?recommend(s|ed)?|aanbeveling|aanbevelingsscore",
    )),
    Meaning("let_go", "yes_no", (
        r"let go|to let go|dismiss(ed|al)?|exit list|laten gaan|afscheid|uitstroom|to leave|terminate",
    )),
    Meaning("invoice_date", "date", (
        r"(invoice|order|transaction|factuur|purchase|bestel|rechnungs?) ?(date|datum)|month|maand|period|periode|date"
        r"|datum",
    )),
)  # fmt: skip
BY_NAME = {meaning.name: meaning for meaning in MEANINGS}

LEAKED = re.compile(
    r"churn ?(score|prob\w*|risk|reason|category|prediction|kans)|p ?churn|propensity\w*|predict\w*.*|.*classifier.*"
    r"|.*(kans|probability|likelihood) (to|of) (churn|leave).*|opzegkans|cltv|clv|ltv|lifetime value|model score"
    r"|attrition (score|risk|prob\w*)|risk ?score|churnscore|reason( for)? leaving|opzegreden"
)
"""Headers of what a model or the departure itself wrote: it is known only afterwards, so it is never used."""
PERSONAL = re.compile(
    r"(?!.*(phone|mobile|telefoon) (service|plan|lines?|dienst))"  # what somebody has, not a number to ring
    r"(.* )?(\w*naam|name|surname|e?mail|(phone|telefoon|mobile)( number| nr)?|birth|geboorte\w*|gender|sex|geslacht"
    r"|iban|bsn|ssn|lat|long|latitude|longitude|adres|address|zip|city|woonplaats|age|leeftijd)( .*)?"
)
POSTCODE = re.compile(r"postcode|postal code|zip( ?code)?|plz|pc6?")
HOUSE_NUMBER = re.compile(r"huis ?(nummer|nr)|house ?(number|no)|hausnummer")

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def bare_header(header: str) -> str:
    """Return a header as plain words.

    >>> [bare_header(each) for each in ("customerID", "omzet p/m", "Contacts_Count_12_mon", "Churn?")]
    ['customer id', 'omzet p m', 'contacts count 12 mon', 'churn']
    """
    apart = _CAMEL.sub(" ", header.strip())
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain(apart)).split())


def fits(meaning: Meaning, header: str) -> int:
    """Return how well a bare header fits a meaning: 0 not at all, more is better."""
    if re.search(meaning.not_if, header):
        return 0
    for k, pattern in enumerate(meaning.patterns):
        if re.fullmatch(pattern, header):
            return 10 - k
    return 0


def period_of(header: str) -> str | None:
    """Return over what time a bare header says that something is counted, as a key of ``mapping.PERIODS``.

    >>> [period_of(each) for each in ("omzet p m", "belletjes 12m", "annual revenue", "total charges", "sales")]
    ['month', 'year', 'year', 'lifetime', None]
    """
    twelve = r"\b12 ?(m|mon|mnd|months|maanden)\b"
    if re.search(twelve + r"|\b(year|yearly|annual|jaar|jaarlijks|yr|arr|jahr|last year)\b", header):
        return "year"
    if re.search(r"\b3 ?(m|mon|mnd|months)\b|\b(quarter|quarterly|kwartaal)\b", header):
        return "quarter"
    if re.search(r"\b(lifetime|total (charges|spend|revenue|sales)|totaal)\b", header):
        return "lifetime"
    if re.search(r"\b(p m|monthly|month|maand|mnd|maandelijkse|mrr|arpu|monat)\b|maandbedrag|termijnbedrag", header):
        return "month"
    if re.search(r"\bweek(ly)?\b", header):
        return "week"
    return "day" if re.search(r"\b(daily|per day|per dag)\b", header) else None
