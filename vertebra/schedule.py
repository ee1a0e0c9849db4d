"""Everything that runs by itself, in one list: name, when (cron, in the company's time zone), what, on what condition."""

from vertebra.accounts.jobs import clear_sessions, deliver_messages, forget_old_answers, something_to_deliver
from vertebra.kit.jobs.cron import Entry
from vertebra.kit.jobs.upkeep import forget_old_jobs
from vertebra.org.jobs import refresh_findings, something_to_look_at
from vertebra.sources.jobs import forget_old_files

SCHEDULE: list[Entry] = [
    Entry("deliver-messages", "* * * * *", deliver_messages, only_if=something_to_deliver),
    Entry("refresh-findings", "*/2 * * * *", refresh_findings, only_if=something_to_look_at),
    Entry("forget-old-jobs", "10 3 * * *", forget_old_jobs),
    Entry("forget-old-files", "30 3 * * *", forget_old_files),
    Entry("forget-old-answers", "40 3 * * *", forget_old_answers),
    Entry("clear-sessions", "20 3 * * *", clear_sessions),
]
