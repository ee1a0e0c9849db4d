"""The homes of code inside a module, from the top down, and the few other names with the reason for each."""

ROOTS = (
    "kit",
    "accounts",
    "sources",
    "org",
    "measures",
    "evidence",
    "discovery",
    "roadmap",
    "practices",
    "releases",
    "learning",
    "reviews",
    "web",
    "demo",
)
ORDER = ROOTS

# A home may import only what stands in a later line.
HOMES: tuple[tuple[str, ...], ...] = (
    ("urls", "apps"),
    ("pages", "api", "jobs", "admin"),
    ("forms",),
    ("actions",),
    ("queries", "frames"),
    ("models",),
    ("labels",),
)

# Other names, with the home they stand beside and why they exist. `kit`, `web` and `demo` name their own modules.
OTHERS: dict[str, tuple[str, str]] = {
    "accounts.permissions": ("queries", "the one table of rights, read by every page"),
    "accounts.audit": ("queries", "record() and undo(), called by every action"),
    "accounts.feeds": ("queries", "what feeds and calendars hold, module by module (list FEEDS)"),
    "accounts.search": ("queries", "the index that every action writes and one search over it"),
    "accounts.tokens": ("queries", "secrets that open something: made, digested, recognised"),
    "accounts.together": ("queries", "what people share about any object: discussion, followers, kept views"),
    "accounts.rate_limits": ("queries", "how often the same thing may be tried"),
    "accounts.demo_sign_in": ("queries", "whether the demo's cast may be had without a password"),
    "accounts.adapter": ("pages", "how allauth behaves here"),
    "accounts.middleware": ("pages", "language and time zone of the person, for each request"),
    "org.empty_spaces": ("queries", "empty spaces as people read them"),
    "org.rules": ("queries", "the rules that find empty spaces, one registry for all modules"),
    "org.gaps": ("queries", "the rules of the administrative list of vacancies and gaps"),
    "org.thread": ("queries", "what the objects of the organisation are called (list THREAD)"),
    "org.home": ("pages", "what the organisation says on the home page (list HOME)"),
    "org.importing": (
        "jobs",
        "planning and writing imports of the organisation, their command and their jobs",
    ),
    "accounts.personal": ("queries", "a person's own data, module by module (list PERSONAL_DATA)"),
    "sources.personal": ("queries", "a person's own data (list PERSONAL_DATA)"),
    "org.personal": ("queries", "a person's own data (list PERSONAL_DATA)"),
    "evidence.personal": ("queries", "a person's own data (list PERSONAL_DATA)"),
    "discovery.personal": ("queries", "a person's own data (list PERSONAL_DATA)"),
    "evidence.thread": ("queries", "what surveys are called (list THREAD)"),
    "evidence.home": ("pages", "surveys that wait for an answer (list HOME)"),
    "evidence.asks": ("queries", "how often each person was asked for something this week, whoever asked"),
    "evidence.sending": ("actions", "asking people, two things a week at most, and reminding them once"),
    "evidence.survey_files": ("queries", "what the columns of a survey file hold, and which are never kept"),
    "evidence.sets": ("queries", "shipped sets of questions, in both languages"),
    "evidence.importing": (
        "jobs",
        "incidents and work items of other tools: reading, their command, their jobs",
    ),
    "evidence.trail": ("queries", "the history of work items in columns: written, merged, counted, swept"),
    "discovery.thread": ("queries", "what the objects of discovery are called (list THREAD)"),
    "discovery.thread_ties": ("queries", "where pain points were heard, and audits (list THREAD_TIES)"),
    "discovery.home": ("pages", "what discovery says on the home page (list HOME)"),
    "discovery.shipped": (
        "queries",
        "what ships with discovery: guides, symptoms, drafts of privacy documents",
    ),
    "discovery.exports": ("queries", "a frozen audit as Markdown, PDF and slides, made from its content"),
    "measures.thread": ("queries", "what metrics and charts are called (list THREAD)"),
    "measures.home": ("pages", "what measures say on the home page (list HOME)"),
    "measures.personal": ("queries", "a person's own data (list PERSONAL_DATA)"),
    "measures.importing": ("jobs", "catalogues and values by file: planning, writing, their jobs"),
    "measures.readers": (
        "queries",
        "reading values where they are: files, web addresses, databases, providers",
    ),
    "measures.providers": ("queries", "metrics that Vertebra computes itself (list METRIC_PROVIDERS)"),
    "evidence.providers": ("queries", "metrics computed from pulses and incidents (list METRIC_PROVIDERS)"),
    "roadmap.thread": ("queries", "what the objects of the roadmap are called (list THREAD)"),
    "roadmap.thread_ties": ("queries", "what is stored of topics, decisions, initiatives (list THREAD_TIES)"),
    "roadmap.home": ("pages", "what the roadmap says on the home page (list HOME)"),
    "roadmap.personal": ("queries", "a person's own data (list PERSONAL_DATA)"),
    "practices.feeds": ("queries", "what the feed and the calendar of how we work hold (list FEEDS)"),
    "practices.importing": ("jobs", "registering practices already in force by file, their jobs"),
    "practices.shipped": ("queries", "practices that ship with Vertebra, begun as ideas"),
    "practices.thread": ("queries", "what practices are called (list THREAD)"),
    "practices.home": ("pages", "what waits of ways of working (list HOME)"),
    "practices.panels": ("pages", "what an initiative shows of ways of working (list PANELS)"),
    "practices.personal": ("queries", "a person's own data (list PERSONAL_DATA)"),
    "practices.hygiene": ("labels", "the library of shipped checks, in both languages"),
    "releases.importing": ("jobs", "reading changelogs and trackers, their command and their jobs"),
    "releases.thread": ("queries", "what releases, briefs and audiences are called (list THREAD)"),
    "releases.feeds": ("queries", "what feeds and calendars of releases hold (list FEEDS)"),
    "releases.thread_ties": ("queries", "what consultations are about (list THREAD_TIES)"),
    "releases.panels": ("pages", "what releases and initiatives show of consultations (list PANELS)"),
    "releases.home": ("pages", "what releases say on the home page (list HOME)"),
    "releases.personal": ("queries", "a person's own data (list PERSONAL_DATA)"),
    "learning.thread": ("queries", "what lessons and paths are called (list THREAD)"),
    "learning.home": ("pages", "lessons that wait, the camp of who arrived (list HOME)"),
    "learning.panels": ("pages", "what a release shows of lessons (list PANELS)"),
    "learning.personal": ("queries", "a person's own data (list PERSONAL_DATA)"),
    "reviews.thread": ("queries", "what reviews and findings are called (list THREAD)"),
    "reviews.thread_ties": ("queries", "what is stored of reviews and findings (list THREAD_TIES)"),
    "reviews.home": ("pages", "reviews that wait for a decision (list HOME)"),
    "reviews.personal": ("queries", "a person's own data (list PERSONAL_DATA)"),
    "roadmap.providers": ("queries", "metrics computed from cycles and launches (list METRIC_PROVIDERS)"),
    "roadmap.importing": (
        "jobs",
        "reading roadmaps and rankings of other tools, their command and their jobs",
    ),
    "roadmap.shipped": ("queries", "what ships with the roadmap: playbooks and templates of reports"),
    "roadmap.exports": ("queries", "a frozen report as Markdown, PDF and slides, made from its content"),
    "sources.target": ("queries", "what files can be imported into, described by the module that takes them"),
    "sources.uploads": ("queries", "the files of imports in the data folder"),
    "sources.faults": ("labels", "what can be wrong with outside systems, in words"),
    "sources.connections": ("actions", "connecting, pausing and reading systems that releases come from"),
    "sources.opening": ("queries", "the systems behind sources, opened with what is kept of them"),
    "sources.work": ("actions", "reading the work items of a tracker, portion by portion"),
    "sources.home": ("pages", "what sources say on the home page (list HOME)"),
    "sources.commands": ("jobs", "reading a connected system at a terminal"),
    "sources.drafts": ("actions", "an import while it is prepared, before its target applies it"),
    "accounts.outbox": ("actions", "queueing, claiming and delivering messages"),
}

# Files of an `actions` package that hold what several actions share, and no action of their own.
SHARED_BY_ACTIONS = {
    "over_time": "closing and opening rows of facts over time",
    "index": "writing the search index",
    "routine_standing": "finding a routine, what search knows of it, writing its entry",
    "routine_index": "writing the search index of routines",
    "practice_verdicts": "what becomes of a practice that was looked back at, in the step that decides it",
    "ceiling_check": "refusing what asks for too much time, or keeping why, in the entry of another action",
    "naming": "what units, areas and markets are called on a day",
    "answering": "taking an answer: nobody writes down who answered what",
    "audit_answering": "taking what a reader says of a draft: nobody writes down who said what",
    "audit_parts": "finding an open audit, counting its items, writing its entry",
    "reading": "noting what a reader says of a release: nobody else reads whose",
    "taking": "noting that a lesson was taken: nobody else reads whose",
    "room_state": "where the team is in a room: nothing of it is kept",
    "thread": "tying and untying objects of the golden thread, in the entry of another action",
    "watchers": "telling those who follow an empty space",
    "charter_index": "what search knows of the charter",
    "help_news": "telling whoever asked for help, and what search knows of it",
    "describing": "what is said of a metric: cleaned, named, put in the search index",
    "incident_parts": "what is checked, marked and found of every incident, whoever writes it down",
    "marks": "marking what happened on the lines of metrics, in the entry of the action that makes it happen",
    "crossings": "telling those who watch a threshold that a recorded value crossed it",
    "follow_up": "what follows a change of a pain point: counts, whom it hurts, followers, search",
    "room_timers": "how long is left in a room: nothing of it is kept",
    "announcing_letters": "the letters of announcements, in the entry of the action that sends, stops or corrects",
    "announcing_filling": "putting a begun announcement into the outbox: its beginning has the entry",
    "prefilling": "the briefs that a tier asks for, pre-filled, in the entry of another action",
    "voices": "who stands behind a topic, what search knows of it, whom its counts come from",
    "topic_rows": "writing a topic down, tied to what it is raised from, in the entry of another action",
    "ranking_drafts": "a ranking while it is made: hidden, and nobody's act until it counts",
    "cycle_steps": "finding a cycle in the state it must have, writing its entry",
    "hearing": "planning a conversation and writing to whoever is heard",
    "consultation_letters": "what champions are written about a consultation, in the entry of another action",
    "standing": "how an initiative stands from now on, its entry, what search knows of it",
    "registering": "writing down what was lived before, in the entry of the action that registers or imports",
    "copying": "counting that a template was copied: nobody writes down by whom",
    "reach_letters": "what those concerned are written, in the entry of the action that announces or retires",
    "adoption_rows": "where a team stands, written in the entry of the action that takes or reads it",
    "adoption_letters": "what those who lead a team are written, in the entry of another action",
    "following": "what happens to a proposed quick win when its initiative starts, is done, stops",
}


def home_of(module: str) -> str | None:
    """The home that a dotted name inside `vertebra` belongs to, or None where homes do not apply."""
    parts = module.split(".")
    if len(parts) < 3 or parts[1] not in ROOTS[1:-2]:
        return None
    if (found := OTHERS.get(f"{parts[1]}.{parts[2]}")) is not None:
        return found[0]
    return parts[2]


def rank(home: str) -> int | None:
    """How high a home stands (0 is the top), or None for an unknown name."""
    return next((at for at, names in enumerate(HOMES) if home in names), None)
