"""Why a case comes out as it does, found by reading the traces; shown below the case.

Figures in the text are from the runs, and from variants of them that are named.
"""

MECHANISMS = {
    "ING.posts": (
        "**Posts.** Nine in ten come from those let go: 3,200 are told, two in three of them pass it on, and 13 % "
        "of those who do post (a survey of the United States, 2007). A post from a telephone call weighs .05, as "
        "there is nothing to show, so buzz never passes .5 and the lowest outlet asks for 6: hundreds of posts, "
        "and no news. The record has the one that a press search found, which need not be all there were; but if "
        "it is, a chance to post of .13 is far too high for a savings account in 2004 (the evidence goes down to "
        ".01)."
    ),
    "VERIZON.coverage": (
        "**Coverage.** Eleven a day make a post or two a day, and buzz settles at 4 to 8 for three years (a small "
        "run). That is far below the 20 of the national press, but the chance to be picked up on a day, 1 - "
        "exp(-(buzz/20)^2), is then 4 to 15 %, and it is drawn anew every day: within weeks it adds up to "
        "certainty. Two things are missing. An editor who passed over a story yesterday does so today, unless "
        "something is new. And the e-mails are taken for one story from the first day on, though those cut off "
        "did not know of each other. The other reading is that an e-mail is not as good as a letter "
        "(newsworthiness .8, an assumption): with nothing in hand, as by telephone below, no national outlet "
        "reports."
    ),
    "VERIZON.authority": (
        "**Authority.** It too comes as an outlet that buzz sets off. The real inquiry came of what users filed "
        "in three years, that is, of a sum that does not fade; buzz halves every three days. So here the "
        "authority comes while coverage is fresh, or hardly at all."
    ),
    "EGG.day": (
        "**Speed.** The bank told the press itself, which is reported the next day with a chance of .6. Where it is "
        "not, letters take two to four days in the post, on the first evening every outlet picks the story up, and "
        "three days later the press reports: a lag that was calibrated to Sprint and is the same for every story."
    ),
    "household": (
        "**Households.** Three in five members of a household leave with the one who is let go "
        "(`household_follows` .6, from family plans of telephone companies). For a credit card or a savings "
        "account in one's own name that is hard to believe, and it is nearly all of what banks lose here. At Egg "
        "what people hear costs some 900 profitable customers and households 14,700; at ING Direct too nearly all "
        "extra departures are household members. It is a default that should depend on the trade."
    ),
    "AMEX.coverage": (
        "**Coverage.** An offer weighs a tenth of a dismissal as news, most accept, and who accepts has little "
        "grievance: 5 to 8 % of those asked pass it on, of those dismissed by letter 86 %. Yet an offer to 10,000 "
        "is just enough for the press. It hangs on who is asked: the least profitable 10,000 of 50 million call "
        "more than ten times a month, so three in ten are credit seekers, who refuse and grumble. With a tenth of "
        "the people and the same 10,000 offers they are milder cases, 78 % accept, and no national outlet reports "
        "in three runs. How many were asked, and whom, was never told. That the balance must be paid first keeps "
        "people from accepting, and is not in the model."
    ),
    "NETFLIX.net": (
        "**Balance.** The price does what it should: 4.9 % of customers leave because of it, 3.4 % by the price "
        "alone (`p_talk_victim` set to 0) and the rest by what they hear, and about 1 % fewer join. What is "
        "missing is the other side of the account. Netflix lost 5.5 million in all, 22 % of those at the start; "
        "here 16 % leave, of whom 11.5 % would have anyway. Newcomers' later fate is not simulated, and of 4.7 "
        "million newcomers, many of them on trial, a good part leaves in the same quarter; Netflix's churn counts "
        "them, and is taken here as that of the customers at the start. Restless customers also go first, which "
        "lowers churn over the quarter, and the price holds from day 11. With the default churn of 2 % the extra "
        "departures are 3.3 %, the figure that `price_sensitivity` was settled with: a calibration, no proof."
    ),
    "ING.saving": (
        "**Saving.** It rests on an assumed mean of .3 calls a month; the cost of a call and the revenue of an "
        "account are the reported ones. Twice the calls would save some twice as much."
    ),
    "VERIZON.lost": (
        "**Lost.** As at the banks, household members who leave with who is cut off; here there are family plans."
    ),
}
