"""Whole stories on one event, as newspapers tell them: what differs is found, all else is not."""

from __future__ import annotations

import pytest

from index.compare import find_differences
from tests.index.newsroom import newsroom

Stories = tuple[list[str], ...]

DIFFERING = [
    (
        "How many people were killed in the factory fire in Dorsk?",
        "Dorsk factory fire",
        (
            [
                "At least nine workers died in a blaze at a factory in Dorsk, firefighters said.",
                "Another 14 were taken to hospital.",
            ],
            [
                "A fire that tore through a factory in Dorsk has claimed more lives.",
                "The number of dead stood at 16, the governor, Ana Mirel, told us.",
            ],
            [
                "The Dorsk blaze has shaken the country.",
                "Unions say 23 of their members are dead.",
                "Eleven people have been arrested.",
            ],
        ),
        ["At least nine", "16", "23"],
    ),
    (
        "How many people are missing after the landslide?",
        "Landslide buries village",
        (
            [
                "Twelve people were missing after a landslide, officials said.",
                "Four bodies were recovered.",
            ],
            [
                "Rescuers are still looking for 19 people after the landslide.",
                "The death toll stands at seven.",
            ],
        ),
        ["Twelve", "19"],
    ),
    (
        "How many workers were laid off at the plant?",
        "Plant",
        (
            ["The carmaker said it had laid off 800 workers at the plant."],
            ["The union put the number of workers laid off at the plant at 1,100."],
        ),
        ["800", "1,100"],
    ),
    (
        "How much will the new stadium cost?",
        "Stadium",
        (
            ["The new stadium will cost $480 million, the mayor said."],
            [
                "An audit puts the cost of the stadium at $615 million.",
                "The city spent $20 million on a study.",
            ],
        ),
        ["$480 million", "$615 million"],
    ),
    (
        "How long did the blackout last?",
        "Blackout",
        (
            ["The blackout lasted four hours, the grid operator said."],
            [
                "Residents said the blackout had lasted nearly seven hours.",
                "The repair took two days.",
            ],
        ),
        ["four hours", "nearly seven hours"],
    ),
    (
        "How many passengers were on board the ferry?",
        "Ferry runs aground",
        (
            ["The ferry was carrying 212 passengers when it ran aground, the company said."],
            [
                "The coast guard said 245 passengers were on board the ferry.",
                "Thirty passengers were hurt.",
            ],
        ),
        ["212", "245"],
    ),
    (
        "What was the magnitude of the quake?",
        "Quake",
        (
            ["The quake had a magnitude of 6.1, the national institute said."],
            ["The U.S. survey put the magnitude of the quake at 6.4."],
        ),
        ["6.1", "6.4"],
    ),
    (
        "How many people attended the rally?",
        "Rally",
        (
            [
                "Organizers said 40,000 people attended the rally.",
                "The interior ministry put the crowd at 9,000.",
            ],
        ),
        ["40,000", "9,000"],
    ),
    (
        "How many houses were destroyed by the flood?",
        "Flood",
        (
            ["The flood destroyed 300 houses, the mayor said.", "It damaged 1,200 others."],
            ["The flood destroyed 450 houses, aid workers said.", "The flood killed 12 people."],
        ),
        ["300", "450"],
    ),
    (
        "When did the talks begin?",
        "Talks",
        (
            ["The talks began on March 3 in Oslo."],
            ["The talks began on March 5, a diplomat said.", "The talks will end in June."],
        ),
        ["March 3", "March 5"],
    ),
    (
        "Did the army shell the hospital?",
        "Hospital hit",
        (
            ["Doctors said the army shelled the hospital at dawn."],
            ["The army denied that it had shelled the hospital."],
        ),
        ["army shelled the hospital", "denied"],
    ),
    (
        "Was the mayor paid by the builder?",
        "Mayor",
        (
            ["Prosecutors say the mayor was paid by the builder."],
            ["The mayor rejected claims that he was paid by the builder."],
        ),
        ["mayor was paid by the builder", "rejected"],
    ),
    (
        "Did soldiers fire on the crowd?",
        "Shots",
        (
            ["Two witnesses told the paper that they saw soldiers open fire on the crowd."],
            ["No soldier fired a shot at the crowd, the general said."],
        ),
        ["soldiers open fire on the crowd", "No soldier"],
    ),
    (
        "How many people have been infected with the virus?",
        "Virus",
        (
            [
                "The ministry said 1,400 people have been infected with the virus.",
                "Thirty have died.",
            ],
            ["The WHO said 2,300 people have been infected with the virus so far."],
        ),
        ["1,400", "2,300"],
    ),
    (
        "How many children were hurt in the bus crash?",
        "Bus crash",
        (
            ["Police said six children were hurt in the bus crash."],
            [
                "The hospital said it had treated nine children after the bus crash.",
                "Two adults died.",
            ],
        ),
        ["six", "nine"],
    ),
    (
        "How many people died in the Harlow train crash?",
        "Harlow train crash",
        (
            ["Six people died when two trains collided near Harlow, police said."],
            [
                "The death toll from the Harlow crash has climbed to nine, a hospital said.",
                "Three remain in critical condition.",
            ],
            ["Two more victims of the crash died overnight.", "The total now stands at 11."],
        ),
        ["Six", "nine", "11"],
    ),
    (
        "How many soldiers were killed in the ambush?",
        "Ambush",
        (
            ["The army said four soldiers were killed in the ambush."],
            ["The rebels claimed to have killed 20 soldiers in the ambush."],
        ),
        ["four", "20"],
    ),
    (
        "How much money was stolen from the bank?",
        "Bank robbery",
        (
            ["Thieves stole 2 million crowns from the bank, police said."],
            ["The bank said 3.5 million crowns had been stolen."],
        ),
        ["2 million crowns", "3.5 million crowns"],
    ),
    (
        "How many votes did the incumbent receive?",
        "Election",
        (
            ["The incumbent received 41,200 votes, the commission said."],
            ["Observers said the incumbent received only 38,900 votes."],
        ),
        ["41,200", "only 38,900"],
    ),
    (
        "Was the minister warned about the leak?",
        "Leak",
        (
            ["Emails show that the minister was warned about the leak in May."],
            ["The minister said he was never warned about the leak."],
        ),
        ["minister was warned about the leak", "never warned"],
    ),
    (
        "Did the airline know about the crack?",
        "Crack",
        (
            ["The airline knew about the crack, a former mechanic said."],
            ["The airline says it did not know about the crack."],
        ),
        ["airline knew about the crack", "did not know"],
    ),
    (
        "How many prisoners escaped?",
        "Jail",
        (
            ["Nine prisoners escaped from the jail, the governor said."],
            ["A guard said at least 14 prisoners escaped.", "Five were recaptured."],
        ),
        ["Nine", "at least 14"],
    ),
    (
        "By how much did the company's shares fall?",
        "Shares",
        (
            ["The company's shares fell 12 percent."],
            ["The company's shares fell 9 percent on Monday.", "Revenue rose 4 percent."],
        ),
        ["12 percent", "9 percent"],
    ),
]

AGREEING = [
    (
        "How many people were killed in the factory fire?",
        "Fire",
        (
            ["Nine people were killed in the factory fire."],
            ["Fourteen people were injured in the factory fire."],
        ),
    ),
    (
        "How many people were killed in the avalanche?",
        "Avalanche",
        (
            ["Three people were killed in the avalanche on Sunday."],
            [
                "Three skiers died in the avalanche.",
                "In 1999, an avalanche killed 31 people in the same valley.",
            ],
        ),
    ),
    (
        "How many people were arrested?",
        "Arrests",
        (
            ["Police arrested 40 people."],
            ["Of the 40 arrested, 12 were charged.", "A fire broke out after 300 people gathered."],
        ),
    ),
    (
        "How much does the ticket cost?",
        "Tickets",
        (
            ["A ticket costs $12."],
            ["A ticket costs $12, and a season pass $300.", "The museum raised $4 million."],
        ),
    ),
    (
        "How many boats does the company own?",
        "Boats",
        (
            ["The company owns 14 boats."],
            [
                "The company owns 14 boats and 3 piers.",
                "It sold four boats last year.",
                "A rival owns 30 boats.",
            ],
        ),
    ),
    (
        "How old is the bridge?",
        "Bridge",
        (
            ["The bridge is 90 years old."],
            ["The bridge, 90 years old, was closed for 2 years."],
        ),
    ),
    (
        "How many seats does the party hold in parliament?",
        "Parliament",
        (
            ["The party holds 41 seats in parliament."],
            [
                "The party holds 41 of the 150 seats in parliament.",
                "The opposition holds 60 seats.",
            ],
        ),
    ),
    (
        "How far is the island from the coast?",
        "Island",
        (
            ["The island is 12 kilometers from the coast."],
            ["The island lies 7 miles off the coast and 40 miles from the capital."],
        ),
    ),
    (
        "Did the bank hide the loss?",
        "Bank",
        (
            ["An auditor said the bank may have hidden the loss."],
            ["The bank denied that it had hidden the loss."],
        ),
    ),
    (
        "How many people died in the crash?",
        "Crash",
        (
            [
                "Six people died in the crash.",
                "A crash on the same road killed 12 people last year.",
            ],
            ["Six people died in the crash, police said."],
        ),
    ),
    (
        "How many workers does the plant employ?",
        "Plant",
        (
            ["The plant employs 900 workers."],
            [
                "The plant employs 900 workers, 200 of them part-time.",
                "The union has 30,000 workers.",
            ],
        ),
    ),
    (
        "How many goals did the striker score?",
        "Match",
        (
            ["The striker scored two goals."],
            ["The striker scored twice.", "The striker has scored 14 goals this season."],
        ),
    ),
    (
        "How many people live in the town?",
        "Town",
        (
            ["The town has 8,000 people."],
            ["Some 8,200 people live in the town.", "About 3,000 people live in a camp nearby."],
        ),
    ),
    (
        "Has the company paid the fine?",
        "Fine",
        (
            ["The company has paid the fine."],
            ["The company has not said whether it will appeal."],
        ),
    ),
]


@pytest.mark.parametrize(("question", "title", "stories", "values"), DIFFERING)
def test_every_side_is_found(
    question: str, title: str, stories: Stories, values: list[str]
) -> None:
    groups = find_differences(question, newsroom(*stories, title=title))
    assert sorted(claim.value for group in groups for claim in group.claims) == sorted(values)


@pytest.mark.parametrize(("question", "title", "stories"), AGREEING)
def test_what_agrees_or_counts_something_else_is_no_difference(
    question: str, title: str, stories: Stories
) -> None:
    assert find_differences(question, newsroom(*stories, title=title)) == ()
