"""The words of the shipped sets, in English and in French."""

from collections.abc import Sequence
from dataclasses import dataclass

Words = dict[str, str]
Choice = tuple[str, Words]
Line = tuple[str, str, Words, Sequence[Choice]]


@dataclass(frozen=True, slots=True)
class SetWords:
    """A set as it is written: its questions are (code, kind, text, choices)."""

    code: str
    title: Words
    introduction: Words
    cut: str
    questions: tuple[Line, ...]
    functions: tuple[str, ...] = ()


def both(en: str, fr: str) -> Words:
    return {"en": en, "fr": fr}


_ENDS: dict[str, tuple[Choice, ...]] = {
    "scale": (("low", both("not at all", "pas du tout")), ("high", both("very much", "énormément"))),
}


def ends(kind: str) -> tuple[Choice, ...]:
    """What stands at both ends of a scale."""
    return _ENDS.get(kind, ())


_LINE = ("line", "text", both("One line, if you wish", "Une ligne, si vous le souhaitez"), ())

_WELL_BEING = SetWords(
    "well-being",
    both("How are we doing?", "Comment allons-nous ?"),
    both("Six questions, two minutes: how work feels at the moment.", "Six questions, deux minutes : comment le travail se vit en ce moment."),
    "unit",
    (
        ("load", "agreement", both("My workload leaves me the time to do things well.", "Ma charge de travail me laisse le temps de bien faire."), ()),
        ("clarity", "agreement", both("I know what is expected of me this quarter.", "Je sais ce que l’on attend de moi ce trimestre."), ()),
        ("help", "agreement", both("When something blocks me, I find help quickly.", "Quand quelque chose me bloque, je trouve vite de l’aide."), ()),
        ("voice", "agreement", both("I can say that something goes wrong without fearing what follows.", "Je peux dire que quelque chose ne va pas sans craindre la suite."), ()),
        ("meaning", "agreement", both("I see what my work is good for.", "Je vois à quoi sert mon travail."), ()),
        ("first", "text", both("What should change first?", "Que faudrait-il changer en premier ?"), ()),
    ),
)  # fmt: skip

_PRODUCT_DESIGN = SetWords(
    "product-design",
    both("Product and design, together", "Produit et design, ensemble"),
    both("How those who decide what to build and those who design it work together.", "Comment travaillent ensemble celles et ceux qui décident quoi construire et celles et ceux qui le conçoivent."),
    "function",
    (
        ("early", "agreement", both("Design takes part before a solution is chosen.", "Le design participe avant qu’une solution soit choisie."), ()),
        ("decides", "agreement", both("We know who decides what.", "Nous savons qui décide de quoi."), ()),
        ("users", "agreement", both("What users tell us weighs in our decisions.", "Ce que disent les utilisateurs pèse dans nos décisions."), ()),
        ("time", "agreement", both("Design has the time that the problem deserves.", "Le design dispose du temps que le problème mérite."), ()),
        ("quarrels", "agreement", both("When we disagree, we settle it quickly and well.", "Quand nous ne sommes pas d’accord, nous tranchons vite et bien."), ()),
        ("rubs", "one", both("Where does it rub most?", "Où est-ce que cela frotte le plus ?"), (
            ("goals", both("what we aim for", "ce que nous visons")),
            ("timing", both("when design comes in", "le moment où le design intervient")),
            ("decisions", both("who decides", "qui décide")),
            ("quality", both("what is good enough", "ce qui est assez bien")),
            ("handover", both("the hand-over to engineering", "le passage à l’ingénierie")),
            ("nowhere", both("nowhere", "nulle part")),
        )),
        _LINE,
    ),
    ("product", "design", "research"),
)  # fmt: skip

_WAYS = SetWords(
    "ways-of-working",
    both("Are our ways of working useful?", "Nos façons de travailler sont-elles utiles ?"),
    both("What helps, what costs more than it brings.", "Ce qui aide, ce qui coûte plus que cela ne rapporte."),
    "function",
    (
        ("useful", "scale", both("How much do our common ways of working help you?", "À quel point nos façons de travailler communes vous aident-elles ?"), ()),
        ("found", "agreement", both("I find the template or the guide that I need.", "Je trouve le modèle ou le guide dont j’ai besoin."), ()),
        ("worth", "agreement", both("Our regular meetings are worth the time they take.", "Nos rendez-vous réguliers valent le temps qu’ils prennent."), ()),
        ("asked", "agreement", both("I am asked before a way of working changes.", "On me demande mon avis avant de changer une façon de travailler."), ()),
        ("costs", "several", both("What costs more than it brings?", "Qu’est-ce qui coûte plus que cela ne rapporte ?"), (
            ("roadmap", both("the roadmap", "la roadmap")),
            ("objectives", both("objectives of the quarter", "les objectifs du trimestre")),
            ("discovery", both("discovery", "la discovery")),
            ("reviews", both("reviews and committees", "les revues et les comités")),
            ("releases", both("telling about releases", "l’annonce des nouveautés")),
            ("tools", both("tools", "les outils")),
            ("documents", both("documents to fill in", "les documents à remplir")),
            ("nothing", both("nothing", "rien")),
        )),
        _LINE,
    ),
)  # fmt: skip

_PM_TIME = SetWords(
    "pm-time",
    both("Time that product managers spend off product", "Le temps des product managers passé hors produit"),
    both("Asked once a quarter: how much time goes elsewhere, and why.", "Demandé une fois par trimestre : combien de temps part ailleurs, et pourquoi."),
    "unit",
    (
        ("share", "share", both("Over the last three months, which share of your time went to something other than your product?", "Sur les trois derniers mois, quelle part de votre temps est allée à autre chose que votre produit ?"), ()),
        ("causes", "several", both("What took it?", "Qu’est-ce qui l’a pris ?"), (
            ("coordination", both("coordination between teams", "la coordination entre équipes")),
            ("reporting", both("reporting", "le reporting")),
            ("urgencies", both("support and urgencies", "le support et les urgences")),
            ("customers", both("requests of sales and customers", "les demandes des ventes et des clients")),
            ("internal", both("answering colleagues' questions", "les questions des collègues")),
            ("hiring", both("hiring and onboarding", "le recrutement et l’intégration")),
            ("tools", both("tools and data to put right", "les outils et les données à remettre d’aplomb")),
            ("nobody", both("tasks that nobody owns", "les tâches que personne ne porte")),
            ("other", both("something else", "autre chose")),
        )),
        ("example", "text", both("One example", "Un exemple"), ()),
    ),
    ("product",),
)  # fmt: skip

_RE_ASK = SetWords(
    "re-ask",
    both("One question", "Une question"),
    both("You are asked because this hurt people where you work.", "On vous le demande parce que cela gênait là où vous travaillez."),
    "function",
    (
        ("cost", "scale", both("How much does this still cost you?", "Combien cela vous coûte-t-il encore ?"), (
            ("low", both("nothing any more", "plus rien")),
            ("high", both("a great deal", "énormément")),
        )),
        _LINE,
    ),
)  # fmt: skip


_REVIEW = SetWords(
    "review",
    both("A look back, four questions", "Un bilan, quatre questions"),
    both("Four questions, one minute: is it used, is it worth its time, what should become of it?", "Quatre questions, une minute : est-ce que cela sert, est-ce que cela vaut son temps, que faut-il en faire ?"),
    "function",
    (
        ("used", "agreement", both("It is of use where I work.", "Cela sert là où je travaille."), ()),
        ("worth", "agreement", both("What it brings is worth the time it takes.", "Ce que cela apporte vaut le temps que cela prend."), ()),
        ("verdict", "one", both("What should become of it?", "Que faut-il en faire ?"), (
            ("keep", both("keep it as it is", "le garder tel quel")),
            ("lighten", both("lighten it", "l’alléger")),
            ("change", both("change it", "le changer")),
            ("retire", both("retire it", "y mettre fin")),
        )),
        ("first", "text", both("What should change first?", "Que faudrait-il changer en premier ?"), ()),
    ),
)  # fmt: skip


def set_words() -> tuple[SetWords, ...]:
    """Every shipped set, in the order in which they are offered."""
    return (_WELL_BEING, _PRODUCT_DESIGN, _WAYS, _PM_TIME, _RE_ASK, _REVIEW)
