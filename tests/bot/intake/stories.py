"""Pairs of news texts: one story printed twice, and two stories of one event.

Every first text is a report of an agency; what follows it is what other newsrooms made of that, or
what another reporter wrote of the same day.
"""

from __future__ import annotations

FERRY = """
HALDEN BAY — A ferry with 212 people aboard ran aground in thick fog on Tuesday morning, and all of
them were brought ashore within four hours, the coast guard said.

The Northern Star struck a sandbank two miles off Halden Bay shortly after 6 a.m. Eleven people were
treated for cuts and bruises, and a crew member was taken to hospital with a broken arm.

"We heard a scraping noise and then everything stopped," said Marta Lind, a teacher who was on her
way to work. "Nobody panicked. The crew told us what to do and we did it."

Coast guard commander Erik Solberg said visibility at the time was less than 50 meters. He said it
was too early to say whether the fog alone was to blame.

The ferry, built in 1998, passed its last safety inspection in March. The company that runs it,
Halden Lines, said it would cooperate with the investigation and had put on buses in its place.

Two tugs will try to pull the ship free at high tide on Wednesday. There was no sign of leaking
fuel, the harbor master said.
"""

FERRY_SHORTENED = """
A ferry with 212 people on board ran aground in thick fog on Tuesday morning, and all of them were
brought ashore within four hours, the coast guard said.

The Northern Star struck a sandbank two miles off Halden Bay shortly after 6 a.m. Eleven people were
treated for cuts and bruises, and a crew member was taken to hospital with a broken arm.

"We heard a scraping noise and then everything stopped," said Marta Lind, a teacher who was on her
way to work. "Nobody panicked. The crew told us what to do and we did it."
"""

FERRY_EDITED = """
HALDEN BAY (Wire) – A ferry with 212 people aboard ran aground in dense fog on Tuesday morning and
all of them were brought ashore within four hours, the coastguard has said.

The Northern Star struck a sandbank two miles off Halden Bay shortly after 6 a.m. local time. Eleven
people were treated for cuts and bruises and a crew member was taken to hospital with a broken arm.

“We heard a scraping noise and then everything stopped,” said Marta Lind, a teacher, who was on her
way to work. “Nobody panicked. The crew told us what to do and we did it.”

Coastguard commander Erik Solberg said visibility at the time was less than 50 metres. He said it
was too early to say whether the fog alone was to blame.

The ferry, built in 1998, passed its last safety inspection in March. The company that runs it,
Halden Lines, said it would cooperate with the investigation and had put on buses in its place.

Two tugs will try to pull the ship free at high tide on Wednesday. There was no sign of leaking
fuel, the harbour master said.
"""

FERRY_ADDED_TO = (
    FERRY
    + """
Halden Bay has seen three groundings in the past decade, the latest in 2021, when a cargo ship
loaded with timber sat on the same sandbank for nine days.

Residents have long asked for a new light on the northern point. The county council will take up
the matter again at its next meeting in June.
"""
)

FERRY_OTHER = """
Passengers of the Northern Star spent Tuesday afternoon in the sports hall of Halden Bay, wrapped in
blankets, telling each other how they had come off the stranded ferry in lifeboats and on fishing
boats.

"Nobody panicked. The crew told us what to do and we did it," said Marta Lind, who teaches
mathematics at the secondary school.

Oskar Dahl, a fisherman, had been mending nets when the radio called for help. He made three trips
with his boat, he said, and carried about forty people.

The grounding is the fourth in these waters in ten years. Mayor Ingrid Voll said the town had
written to the ministry twice to ask for a light on the northern point, and had received no answer.

Schools will be closed on Wednesday. Buses leave from the market place every hour.
"""

FERRY_NEXT_DAY = """
HALDEN BAY — Two tugs pulled the ferry Northern Star off a sandbank on Wednesday, a day after it ran
aground in fog with 212 people aboard.

The ship was towed to a dry dock in Karlsund, where inspectors found a dent of six meters in its
hull but no hole, coast guard commander Erik Solberg said.

Investigators have taken the ship's data recorder and questioned the captain. He had followed the
usual route until a few minutes before the grounding, Solberg said.

Eleven people were treated for cuts and bruises on Tuesday. A crew member with a broken arm has left
hospital.

Halden Lines said the ferry would be out of service for at least three weeks.
"""

BUDGET = """
The parliament of Norland passed a budget of 84 billion crowns on Thursday night after sixteen hours
of debate, averting a shutdown of government offices at midnight.

The vote was 88 to 79. Four members of the governing party broke ranks and voted against.

The budget raises spending on hospitals by 6 percent and cuts subsidies for electric cars by half.
Finance Minister Anna Borg called it "a budget for hard years."

"This is not what we promised, but it is what we can pay for," Borg told reporters after the vote.

Opposition leader Pavel Horak said the cuts would hit families outside the cities hardest. His party
will challenge the law in the constitutional court, he said.

Unions of hospital staff welcomed the increase but said 6 percent was less than inflation over the
past two years.

The law takes effect on July 1 once the president has signed it.
"""

BUDGET_REWRITTEN_LEAD = """
Lawmakers in Norland averted a government shutdown with minutes to spare, approving the 2025 budget
late on Thursday.

The vote was 88 to 79. Four members of the governing party broke ranks and voted against.

The budget raises spending on hospitals by 6 percent and cuts subsidies for electric cars by half.
Finance Minister Anna Borg called it "a budget for hard years."

"This is not what we promised, but it is what we can pay for," Borg told reporters after the vote.

Opposition leader Pavel Horak said the cuts would hit families outside the cities hardest. His party
will challenge the law in the constitutional court, he said.

Unions of hospital staff welcomed the increase but said 6 percent was less than inflation over the
past two years.
"""

BUDGET_BRIEF = """
The parliament of Norland passed a budget of 84 billion crowns on Thursday night after sixteen hours
of debate, averting a shutdown of government offices at midnight.

The vote was 88 to 79. The budget raises spending on hospitals by 6 percent and cuts subsidies for
electric cars by half.
"""

BUDGET_OTHER = """
Norland's electric car industry will lose half its state support under the budget that parliament
approved on Thursday by 88 votes to 79.

Shares of Volta Motor fell 11 percent on Friday morning. The company said it would review plans for
a battery plant in Tessin that was to employ 1,400 people.

"This is not what we promised, but it is what we can pay for," Finance Minister Anna Borg told
reporters after the vote.

Buyers now receive 40,000 crowns for a new electric car. From July 1 it will be 20,000, and nothing
for cars that cost more than 500,000.

The dealers' association expects a rush in the next six weeks and an empty autumn. Its chairman, Leo
Brandt, said the government had changed the rules three times in four years.
"""

BUDGET_ANALYSIS = """
Sixteen hours, four rebels, nine votes: the margin by which Norland's government got its budget
through tells how little is left of the majority it won two years ago.

The four who voted against come from districts where hospitals were merged last year. They had asked
for 10 percent more for clinics; they got 6.

Finance Minister Anna Borg called it "a budget for hard years." It may be a budget for her own hard
year: party members vote on the leadership in October.

Opposition leader Pavel Horak said the cuts would hit families outside the cities hardest. His party
is ahead in the polls for the first time since 2019.

The court will hardly decide before the winter. Until then the law stands.
"""

QUAKE = """
At least 37 people were killed when an earthquake of magnitude 6.4 shook the mountains of eastern
Saravia early on Sunday, officials said, and rescuers were still digging for survivors at nightfall.

The quake struck at 4:12 a.m. near the town of Beled, at a depth of 12 kilometers, the national
seismological institute said. More than twenty aftershocks followed.

Most of the dead were found in Beled, where a row of apartment houses from the 1970s collapsed,
governor Tariq Azam said. About 240 people were injured.

"I pulled my mother out with my hands," said Nadia Rahim, 29, outside the hospital. "My brother is
still in there."

The road to Beled was blocked by landslides until the afternoon. The army flew in two field
hospitals and sent 600 soldiers.

The government declared three days of mourning. Neighboring countries offered teams with dogs and
heavy equipment.
"""

QUAKE_EDITED = """
BELED, Saravia: At least 37 people were killed when a magnitude 6.4 earthquake shook the mountains
of eastern Saravia early Sunday, officials said, and rescuers were still digging for survivors at
nightfall.

The quake struck at 4:12 a.m. near the town of Beled at a depth of 12 kilometers, according to the
national seismological institute. More than twenty aftershocks followed.

Most of the dead were found in Beled, where a row of apartment houses from the 1970s collapsed,
Governor Tariq Azam said. About 240 people were injured.

"I pulled my mother out with my hands," Nadia Rahim, 29, said outside the hospital. "My brother is
still in there."

The army flew in two field hospitals and sent 600 soldiers. The government declared three days of
mourning.

Additional reporting by our staff in the capital.
"""

QUAKE_CUT_AND_ADDED = """
At least 37 people were killed when an earthquake of magnitude 6.4 shook the mountains of eastern
Saravia early on Sunday, officials said, and rescuers were still digging for survivors at nightfall.

The quake struck at 4:12 a.m. near the town of Beled, at a depth of 12 kilometers, the national
seismological institute said. More than twenty aftershocks followed.

Most of the dead were found in Beled, where a row of apartment houses from the 1970s collapsed,
governor Tariq Azam said. About 240 people were injured.

Saravia lies where two plates of the earth's crust meet. In 2003 a quake in the same valley killed
more than 2,000 people.

"I pulled my mother out with my hands," said Nadia Rahim, 29, outside the hospital. "My brother is
still in there."

The road to Beled was blocked by landslides until the afternoon. The army flew in two field
hospitals and sent 600 soldiers.
"""

QUAKE_UPDATE = """
The number of people killed by the earthquake in eastern Saravia rose to 58 on Monday as rescuers
reached villages that had been cut off, officials said.

The quake struck at 4:12 a.m. on Sunday near the town of Beled. More than 300 people were injured,
governor Tariq Azam said.

A boy of seven was pulled alive from the ruins of an apartment house after 31 hours. "We heard him
knocking," said Colonel Samir Haddad, who leads the army's teams.

Snow is forecast for Tuesday night. The Red Crescent said 4,000 families needed tents and blankets.

The government declared three days of mourning. Neighboring countries offered teams with dogs and
heavy equipment.
"""

QUAKE_OTHER = """
The apartment houses that fell on Sunday in Beled were condemned nine years ago, documents that this
newspaper has seen show.

Engineers of the city wrote in 2016 that the four buildings would not withstand a strong quake and
should be emptied within two years. Nothing was done; 310 people lived there on the night.

"Everybody knew," said Karim Osman, who signed the report and has since left the city's service.

Most of the dead were found in Beled, where a row of apartment houses from the 1970s collapsed. The
mayor's office did not answer questions.

Prosecutors opened an inquiry on Monday into negligence. Governor Tariq Azam said whoever was
responsible would be called to account.
"""

COPIES = {
    "shortened": (FERRY, FERRY_SHORTENED),
    "edited in every sentence": (FERRY, FERRY_EDITED),
    "cut after two paragraphs": (BUDGET, BUDGET_BRIEF),
    "with a lead of its own": (BUDGET, BUDGET_REWRITTEN_LEAD),
    "edited and cut": (QUAKE, QUAKE_EDITED),
    "cut, with a paragraph put in": (QUAKE, QUAKE_CUT_AND_ADDED),
    "with two paragraphs at the end": (FERRY, FERRY_ADDED_TO),
    "as the agency wrote it, after the edited one": (FERRY_EDITED, FERRY),
}

OTHERS = {
    "with the witnesses": (FERRY, FERRY_OTHER),
    "of the day after": (FERRY, FERRY_NEXT_DAY),
    "on one of its sides": (BUDGET, BUDGET_OTHER),
    "as an analysis": (BUDGET, BUDGET_ANALYSIS),
    "with a new count": (QUAKE, QUAKE_UPDATE),
    "with what nobody knew": (QUAKE, QUAKE_OTHER),
    "the whole one after the one that was cut": (BUDGET_BRIEF, BUDGET),
}
