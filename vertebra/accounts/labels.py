"""Words of accounts: roles, rights, verbs of the audit, kinds of objects and relations of the thread."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What a person may do by default; finer rights come from mandates."""

    READER = "reader", _("Reader")
    CONTRIBUTOR = "contributor", _("Contributor")
    PRODUCT_OPS = "product_ops", _("Product Ops")
    ADMINISTRATOR = "administrator", _("Administrator")


class Theme(TextChoices):
    SYSTEM = "system", _("As the system")
    LIGHT = "light", pgettext_lazy("theme", "Light")
    DARK = "dark", pgettext_lazy("theme", "Dark")


class Kind(TextChoices):
    """Kinds of objects that comments, watches, links, search and the audit speak of."""

    USER = "user", _("account")
    UNIT = "unit", _("unit")
    PERSON = "person", _("person")
    MEMBERSHIP = "membership", _("membership")
    MANDATE = "mandate", _("mandate")
    AREA = "area", _("area")
    OWNERSHIP = "ownership", _("ownership")
    MARKET = "market", _("market")
    FIELD = "field", _("field of action")
    EMPTY_SPACE = "empty_space", _("empty space")
    GAP = "gap", _("gap")
    SOURCE = "source", _("source")
    IMPORT = "import", _("import")
    JOB = "job", _("job")
    TOKEN = "token", _("API token")
    INVITATION = "invitation", _("invitation")
    SHARED_LINK = "shared_link", _("shared link")
    COMMENT = "comment", _("comment")
    SAVED_VIEW = "saved_view", _("saved view")
    SURVEY = "survey", _("survey")
    CHARTER = "charter", _("charter")
    HELP_REQUEST = "help_request", _("help request")
    GUIDE = "guide", _("interview guide")
    CAMPAIGN = "campaign", _("campaign")
    INTERVIEW = "interview", _("interview")
    VERBATIM = "verbatim", _("verbatim")
    PAIN_POINT = "pain_point", _("pain point")
    STANCE = "stance", _("stance")
    AUDIT = "audit", pgettext_lazy("of discovery", "audit")
    QUICK_WIN = "quick_win", _("quick win")
    DIAGNOSIS = "diagnosis", _("diagnosis")
    STAGE = "stage", _("stage of the function")
    METRIC = "metric", _("metric")
    LEVER = "lever", _("lever")
    DASHBOARD = "dashboard", _("dashboard")
    BOARD = "board", _("board of charts")
    DATA_REQUEST = "data_request", _("question to the data team")
    HIRING_PLAN = "hiring_plan", _("hiring plan")
    RATIO = "ratio", _("ratio")
    INCIDENT = "incident", _("incident")
    OBJECTIVE = "objective", _("objective")
    TOPIC = "topic", _("topic")
    CYCLE = "cycle", _("quarterly table")
    DECISION = "decision", _("decision")
    INITIATIVE = "initiative", _("initiative")
    RESULT = "result", _("result")
    PLAYBOOK = "playbook", _("playbook")
    LAUNCH = "launch", _("market launch")
    FEATURE = "feature", _("feature")
    REPORT = "report", _("report")
    CHAT = "chat", _("connected chat")
    RELEASE = "release", _("release")
    TIER = "tier", _("tier of releases")
    BRIEF = "brief", _("brief")
    AUDIENCE = "audience", _("audience")
    FREEZE_WINDOW = "freeze_window", _("freeze")
    CONSULTATION = "consultation", _("consultation")
    HEADS_UP = "heads_up", _("heads-up")
    ANNOUNCEMENT = "announcement", _("announcement")
    LESSON = "lesson", _("lesson")
    PATH = "path", _("path")
    CADENCE = "cadence", _("rhythm of reviews")
    REVIEW = "review", _("review")
    FINDING = "finding", _("finding")
    PRACTICE = "practice", _("practice")
    ROUTINE = "routine", _("routine")
    CHECK = "check", _("check")
    ADAPTATION = "adaptation", _("adaptation")
    ADOPTION_CARD = "adoption_card", _("adoption card")


class Relation(TextChoices):
    """How one object follows from another in the golden thread."""

    RAISED_FROM = "raised_from", _("raised from")
    EVIDENCES = "evidences", _("is evidence for")
    DECIDES = "decides", _("decides")
    ANSWERS = "answers", _("answers")
    CARRIES_OUT = "carries_out", _("carries out")
    MEASURES = "measures", _("measures")
    SERVES = "serves", _("serves")
    REPLACES = "replaces", _("replaces")
    RELATES = "relates", _("relates to")


# The same, told of the other object: what a topic was raised from gave rise to the topic.
BACKWARDS = {
    Relation.RAISED_FROM: _("gave rise to"),
    Relation.EVIDENCES: _("is shown by"),
    Relation.DECIDES: _("is decided by"),
    Relation.ANSWERS: _("is answered by"),
    Relation.CARRIES_OUT: _("is carried out by"),
    Relation.MEASURES: _("is measured by"),
    Relation.SERVES: _("is served by"),
    Relation.REPLACES: _("is replaced by"),
    Relation.RELATES: _("relates to"),
}


class Operation(TextChoices):
    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    DELETED = "deleted", _("deleted")


class Channel(TextChoices):
    IN_APP = "in_app", _("In Vertebra")
    MAIL = "mail", _("E-mail")
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"
    MATTERMOST = "mattermost", "Mattermost"


# Where one person is told something (the other channels lead to rooms that several people read), and what of it is
# switched off altogether on one's account.
PERSONAL_CHANNELS = (Channel.IN_APP, Channel.MAIL, Channel.SLACK)
SWITCHED = (Channel.IN_APP, Channel.MAIL)
CHAT_CHANNELS = (Channel.SLACK, Channel.TEAMS, Channel.MATTERMOST)


class DeliveryState(TextChoices):
    QUEUED = "queued", _("waiting")
    HELD = "held", _("waiting for the digest")
    RESERVED = "reserved", _("taken by a worker")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    GATHERED = "gathered", _("in a digest")
    FAILED = "failed", _("failed")
    POSSIBLY_TWICE = "possibly_twice", _("sent, possibly twice")
    STOPPED = "stopped", _("held back")
    BOUNCED = "bounced", _("came back")


class MessageKind(TextChoices):
    """What a message is about, so that people choose where and how often they are told of it."""

    ACCOUNT = "account", _("My account and how I sign in")
    FOR_ME = "for_me", _("What is asked of me, and answers to me")
    FOLLOWED = "followed", _("What I follow")
    RELEASES = "releases", _("Releases and what is new")
    CONSULTATIONS = "consultations", _("Consultations of champions")
    DIGEST = "digest", _("Digest")


# What somebody must be told, at once and whatever they chose: it is about their own way in.
NEVER_CHOSEN = frozenset({MessageKind.ACCOUNT})
# What people choose; a digest comes of how they chose the others.
CHOSEN = tuple(kind for kind in MessageKind if kind not in {MessageKind.ACCOUNT, MessageKind.DIGEST})
# What can be stopped by one click in the mail itself; the rest is asked of a person or owed to them.
STOPPED_BY_A_CLICK = frozenset({MessageKind.FOLLOWED, MessageKind.RELEASES, MessageKind.CONSULTATIONS})
# The kind of the messages that are written from a template.
KIND_OF_TEMPLATE = {
    "invitation": MessageKind.ACCOUNT,
    "password_link": MessageKind.ACCOUNT,
    "security_change": MessageKind.ACCOUNT,
    "comment": MessageKind.FOLLOWED,
    "metric_alert": MessageKind.FOLLOWED,
    "pain_point_changed": MessageKind.FOLLOWED,
    "report_published": MessageKind.FOLLOWED,
    "result_in": MessageKind.FOLLOWED,
}


# What is told in digests only, whatever pace somebody chose: it was asked and reminded of by itself before.
IN_DIGESTS_ONLY = frozenset({"consultation_left"})


class Pace(TextChoices):
    """How often somebody is told of something by one channel."""

    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day, together")
    WEEKLY = "weekly", _("once a week, together")


class ChatWay(TextChoices):
    """How messages reach a chat tool."""

    WEBHOOK = "webhook", _("by the incoming webhook of one room")
    APP = "app", _("by an app of its own, to rooms and to people")


class StopReason(TextChoices):
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
    BOUNCED = "bounced", _("mail came back")


class Purpose(TextChoices):
    """What a one-time link opens."""

    OWNER = "owner", _("first administrator")
    INVITATION = "invitation", _("invitation")


class Scope(TextChoices):
    """What a token of the API opens, within the rights of its owner."""

    READ = "read", _("read what I may read")
    WRITE = "write", _("change what I may change")
    IMPORT = "import", _("import files")
    ADMIN = "admin", _("administer the instance")


class LinkState(TextChoices):
    WAITING = "waiting", pgettext_lazy("invitation", "waiting")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "accepted")
    EXPIRED = "expired", pgettext_lazy("invitation", "expired")
    REVOKED = "revoked", pgettext_lazy("invitation", "taken back")


# What allauth says changed about how somebody signs in.
SECURITY_CHANGES: dict[str, object] = {
    "password_changed": _("Your password was changed"),
    "password_set": _("A password was set for your account"),
    "password_reset": _("Your password was replaced through a link sent by mail"),
    "totp_activated": _("A second factor was switched on"),
    "totp_deactivated": _("The second factor was switched off"),
    "recovery_codes_generated": _("New recovery codes were made"),
}

# Verbs of audit entries: code → past participle, said after the actor ("Inès B. renamed …").
# What the same verb says of a kind of object alone.
VERBS_OF: dict[tuple[str, str], object] = {
    (Kind.CYCLE, "start"): pgettext_lazy("did", "opened the ranking of"),
    # Said with and without a name after it.
    (Kind.CONSULTATION, "answer"): pgettext_lazy("did", "answered the consultation"),
    (Kind.RELEASE, "answer"): pgettext_lazy("did", "answered a question about the release"),
    (Kind.CHECK, "adapt"): pgettext_lazy("did", "adapted for a team"),
    (Kind.CAMPAIGN, "answer"): pgettext_lazy("did", "answered an invitation of the campaign"),
    (Kind.ADOPTION_CARD, "answer"): pgettext_lazy("did", "said where the practices stand in"),
    (Kind.ADOPTION_CARD, "pass_on"): pgettext_lazy("did", "passed on the card of"),
    (Kind.ADOPTION_CARD, "ask"): pgettext_lazy("did", "asked teams where they stand with their practices"),
    (Kind.ADOPTION_CARD, "remind"): pgettext_lazy("did", "reminded teams of their card"),
    (Kind.ADAPTATION, "expire"): pgettext_lazy("did", "said that adaptations came to their end"),
    (Kind.ADAPTATION, "close"): pgettext_lazy("did", "does again as it is written:"),
    (Kind.PRACTICE, "answer"): pgettext_lazy("did", "answered what was brought to the practice"),
    (Kind.PRACTICE, "propose"): pgettext_lazy("did", "proposed"),
    (Kind.PRACTICE, "validate"): pgettext_lazy("did", "validated"),
    (Kind.PRACTICE, "renew"): pgettext_lazy("did", "validated again"),
    (Kind.DATA_REQUEST, "answer"): pgettext_lazy("did", "answered the question to the data team"),
}
AUDIT_VERBS: dict[str, object] = {
    "create": pgettext_lazy("did", "created"),
    "change": pgettext_lazy("did", "changed"),
    "close": pgettext_lazy("did", "closed"),
    "archive": pgettext_lazy("did", "archived"),
    "restore": _("restored"),
    "move": _("moved"),
    "undo": _("undid"),
    "import": pgettext_lazy("did", "imported"),
    "report": _("reported"),
    "explain": _("explained"),
    "assign": _("gave to someone"),
    "comment": _("commented"),
    "watch": _("follows"),
    "unwatch": _("no longer follows"),
    "invite": _("invited"),
    "revoke": _("took back"),
    "deactivate": pgettext_lazy("did", "closed"),
    "reactivate": _("opened again"),
    "withdraw": _("withdrew"),
    "link": _("linked"),
    "unlink": _("unlinked"),
    "ask_password": _("asked for a new password"),
    "accept": pgettext_lazy("did", "accepted"),
    "sign_in": _("signed in"),
    "retry": _("started again"),
    "erase": _("erased"),
    "share": pgettext_lazy("did", "shared"),
    "generate": _("generated"),
    "refresh": _("looked again"),
    "take": _("took charge of"),
    "propose": _("proposed someone for"),
    "start": _("started filling"),
    "fill": pgettext_lazy("did", "filled"),
    "reopen": _("reopened"),
    "merge": pgettext_lazy("did", "merged"),
    "split": pgettext_lazy("did", "split"),
    "raise": pgettext_lazy("did", "raised"),
    "confirm": pgettext_lazy("did", "confirmed"),
    "settle": pgettext_lazy("did", "settled"),
    "dismiss": pgettext_lazy("did", "dismissed"),
    "publish": pgettext_lazy("did", "published"),
    "freeze": pgettext_lazy("did", "froze"),
    "open": pgettext_lazy("did", "opened"),
    "hold": pgettext_lazy("did", "held"),
    "cancel": pgettext_lazy("did", "cancelled"),
    "decline": pgettext_lazy("did", "declined"),
    "answer": pgettext_lazy("did", "answered"),
    "hand_back": pgettext_lazy("did", "handed back"),
    "put": pgettext_lazy("did", "put to the directors"),
    "add_people": _("put people on the list"),
    "remove_people": _("took people off the list"),
    "remind": pgettext_lazy("did", "reminded people of"),
    "ask_cost": _("asked what it still costs"),
    "read_cost": _("read what it still costs"),
    "skip": pgettext_lazy("did", "skipped"),
    "note": pgettext_lazy("did", "noted"),
    "rank": pgettext_lazy("did", "ranked"),
    "reveal": pgettext_lazy("did", "revealed"),
    "decide": pgettext_lazy("did", "decided"),
    "delegate": pgettext_lazy("did", "let somebody else rank in"),
    "tell": _("told those who raised it of"),
    "plan": pgettext_lazy("did", "planned"),
    "begin": pgettext_lazy("did", "started"),
    "aim": pgettext_lazy("did", "said what is to be moved by"),
    "fix": pgettext_lazy("did", "noted the baseline of"),
    "measure": pgettext_lazy("did", "measured"),
    "weigh_time": pgettext_lazy("did", "said how much time is asked or given back by"),
    "pause": pgettext_lazy("did", "paused"),
    "resume": pgettext_lazy("did", "took up again"),
    "deliver": pgettext_lazy("did", "delivered"),
    "place": pgettext_lazy("did", "moved on the roadmap"),
    "say_pace": pgettext_lazy("did", "said where it stands"),
    "record": pgettext_lazy("did", "recorded values"),
    "verify": pgettext_lazy("did", "verified"),
    "set_target": pgettext_lazy("did", "set a target"),
    "remove_target": pgettext_lazy("did", "took a target away"),
    "set_feed": pgettext_lazy("did", "said where the values come from"),
    "start_feed": pgettext_lazy("did", "started the reading of values"),
    "pause_feed": pgettext_lazy("did", "paused the reading of values"),
    "resume_feed": pgettext_lazy("did", "resumed the reading of values"),
    "set_alert": pgettext_lazy("did", "watches a threshold"),
    "remove_alert": pgettext_lazy("did", "no longer watches a threshold"),
    "launch": pgettext_lazy("did", "launched"),
    "choose": pgettext_lazy("did", "chose how to be told"),
    "unsubscribe": pgettext_lazy("did", "unsubscribed"),
    "connect": pgettext_lazy("did", "connected"),
    "mark": pgettext_lazy("did", "marked something on the line"),
    "check": pgettext_lazy("did", "put to be checked"),
    "release": pgettext_lazy("did", "released"),
    "write": pgettext_lazy("did", "wrote"),
    "validate": pgettext_lazy("did", "said whether they agree to"),
    "say_ready": pgettext_lazy("did", "said whether their function is ready for"),
    "say_go": pgettext_lazy("did", "decided go or no go for"),
    "ask": pgettext_lazy("did", "asked"),
    "announce": pgettext_lazy("did", "announced"),
    "correct": pgettext_lazy("did", "corrected"),
    "pass_on": pgettext_lazy("did", "passed on"),
    "expire": pgettext_lazy("did", "said that it holds no more:"),
    "hand_over": pgettext_lazy("did", "hands over"),
    "take_over": pgettext_lazy("did", "took over"),
    "stop_hand_over": pgettext_lazy("did", "hands over no more"),
    "set_ceiling": pgettext_lazy("did", "set the most time that may be asked of"),
    "register": pgettext_lazy("did", "registered"),
    "try": pgettext_lazy("did", "tries with a team the practice"),
    "end_trial": pgettext_lazy("did", "said what a team learnt of the practice"),
    "contribute": pgettext_lazy("did", "brought something to the practice"),
    "add_co_author": pgettext_lazy("did", "named a co-author of the practice"),
    "remove_co_author": pgettext_lazy("did", "took a co-author away from the practice"),
    "set_costs": pgettext_lazy("did", "said what is asked of each function by the practice"),
    "set_free": pgettext_lazy("did", "set free"),
    "retire": pgettext_lazy("did", "retired"),
    "add_template": pgettext_lazy("did", "added a template to the practice"),
    "archive_template": pgettext_lazy("did", "took a template away from the practice"),
    "enrol": pgettext_lazy("did", "gave people something to learn:"),
    "say_adoption": pgettext_lazy("did", "said where the practices stand in"),
    "answer_doubt": pgettext_lazy("did", "said what came of a doubt about the tools of"),
    "adapt": pgettext_lazy("did", "does otherwise than"),
    "observe": pgettext_lazy("did", "read in the tools where teams stand with"),
    "try_check": pgettext_lazy("did", "tried on the past"),
    "switch_on": pgettext_lazy("did", "switched on"),
    "switch_off": pgettext_lazy("did", "switched off"),
    "look_at_flow": pgettext_lazy("did", "had the flow of work looked at for"),
    "leave_flow": pgettext_lazy("did", "no longer has the flow of work looked at for"),
}
