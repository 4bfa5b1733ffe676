import pytest

from codeanvil.answers.ask import ask
from codeanvil.answers.understanding.followup import standalone

AFTER_TUG = [
    # what is asked after "Where is Tug defined?", and what it stands for
    ("and its methods?", "Tug's methods?"),
    ("where is it?", "where is Tug?"),
    ("what about the base?", "what about the base of Tug?"),
    ("and where is its base defined", "where is Vessel defined"),
    ("methods?", "methods of Tug?"),
    ("and the subclasses?", "the subclasses of Tug?"),
    ("who uses it?", "who uses Tug?"),
    ("what does it do", "what does Tug do"),
    ("what does that class inherit from", "what does Tug inherit from"),
    ("is it a Vessel?", "is Tug a Vessel?"),
    ("does it have a method tow?", "does Tug have a method tow?"),
    ("and Ferry?", "Where is Ferry defined?"),
    ("what about the Ferry class?", "Where is Ferry defined?"),
    # Questions that say themselves what they are about.
    ("how do I build it?", "how do I build it?"),
    ("how do i run the tests", "how do i run the tests"),
    ("What is load_berths for?", "What is load_berths for?"),
    ("What language is this project written in?", "What language is this project written in?"),
]


@pytest.mark.parametrize(("question", "meant"), AFTER_TUG, ids=[row[0] for row in AFTER_TUG])
def test_a_question_goes_on_from_the_one_before(harbour, question, meant):
    assert standalone(question, ["Where is Tug defined?"], harbour) == meant


@pytest.mark.parametrize(
    ("history", "question", "said"),
    [
        (["methods of Vessel", "and where is it?"], "who extends it?", "`Ferry`"),
        (["Where is Tug defined?", "and Ferry?"], "its methods?", "`draught`"),
        (["Where is Tug defined?", "how do I build this?"], "and its methods?", "`tow`"),
        (["where is Submarine"], "what does it do?", "There is no `Submarine`"),
        ([], "and its methods?", ""),
        (["how do I build this?"], "and its methods?", ""),
    ],
)
def test_what_a_conversation_is_about_is_kept_through_it(harbour, history, question, said):
    assert said in ask(question, harbour, history=history).answer
