"""Everything that runs by itself, in one list: name, when (cron, in the company's time zone), what, on what condition."""

from vertebra.accounts.jobs import (
    clear_sessions,
    deliver_messages,
    deliver_posts,
    forget_old_answers,
    gather_digests,
    is_app_connected,
    look_up_people,
    something_to_deliver,
    something_to_gather,
    something_to_post,
)
from vertebra.discovery.jobs.audits import (
    is_quote_withdrawn,
    is_reading_waiting,
    send_readings,
    tell_what_became,
    withdraw_quotes,
)
from vertebra.discovery.jobs.diagnoses import conclude_diagnoses, something_to_conclude
from vertebra.discovery.jobs.invitations import invite_waiting, somebody_waits
from vertebra.discovery.jobs.pain_points import (
    ask_what_it_costs,
    forget_stances,
    recount_pain_points,
    something_to_ask_or_read,
    something_to_forget,
)
from vertebra.evidence.importing.jobs import sweep_trails
from vertebra.evidence.jobs import (
    close_due_surveys,
    figure_flow,
    is_flow_due,
    send_due_invitations,
    something_to_close,
    something_to_send,
)
from vertebra.kit.database import has_outgrown
from vertebra.kit.jobs.cron import Entry
from vertebra.kit.jobs.upkeep import count_tables, forget_old_jobs, forget_what_expired
from vertebra.learning.jobs import look_after_lessons, somebody_to_tell, tell_lessons
from vertebra.measures.jobs.feeds import refresh_metrics, something_to_refresh
from vertebra.measures.jobs.levers import is_lever_due, measure_levers
from vertebra.measures.jobs.ratios import count_ratios, is_ratio_watched
from vertebra.org.jobs import refresh_findings, something_to_look_at
from vertebra.practices.jobs.adoption import is_adoption_asked, look_after_adoption
from vertebra.practices.jobs.checks import count_checks, is_check_on
from vertebra.practices.jobs.routines import remind_who_takes_over, somebody_takes_over
from vertebra.releases.importing.jobs import sync_due_sources
from vertebra.releases.jobs.announcing import (
    announce_releases,
    somebody_raised,
    something_to_announce,
    tell_those_who_raised,
)
from vertebra.releases.jobs.awareness import (
    count_who_knows,
    is_count_due,
    is_reminder_due,
    remind_of_releases,
)
from vertebra.releases.jobs.consultations import is_consultation_due, look_after_consultations
from vertebra.reviews.jobs import look_back
from vertebra.roadmap.jobs.cycles import (
    answer_everybody,
    is_answer_due,
    is_table_open,
    look_after_cycles,
    recount_waiting_topics,
)
from vertebra.roadmap.jobs.reports import draft_due_reports, something_to_write
from vertebra.roadmap.jobs.results import measure_results, something_to_measure
from vertebra.roadmap.jobs.words import ask_monthly_words, somebody_is_silent
from vertebra.sources.jobs import forget_old_files, something_to_sync

SCHEDULE: list[Entry] = [
    Entry("deliver-messages", "* * * * *", deliver_messages, only_if=something_to_deliver),
    Entry("deliver-posts", "* * * * *", deliver_posts, only_if=something_to_post),
    Entry("gather-digests", "*/5 * * * *", gather_digests, only_if=something_to_gather),
    Entry("look-up-people", "5 5 * * *", look_up_people, only_if=is_app_connected),
    Entry("refresh-findings", "*/2 * * * *", refresh_findings, only_if=something_to_look_at),
    Entry("send-invitations", "*/5 * * * *", send_due_invitations, only_if=something_to_send),
    Entry("close-surveys", "*/5 * * * *", close_due_surveys, only_if=something_to_close),
    Entry("figure-flow", "*/10 * * * *", figure_flow, only_if=is_flow_due),
    Entry("conclude-diagnoses", "*/10 * * * *", conclude_diagnoses, only_if=something_to_conclude),
    Entry("ask-costs", "15 7 * * *", ask_what_it_costs, only_if=something_to_ask_or_read),
    Entry("recount-pain-points", "40 2 * * *", recount_pain_points),
    Entry("forget-stances", "50 2 * * *", forget_stances, only_if=something_to_forget),
    Entry("withdraw-quotes", "*/5 * * * *", withdraw_quotes, only_if=is_quote_withdrawn),
    Entry("send-readings", "20 8 * * *", send_readings, only_if=is_reading_waiting),
    Entry("tell-what-became", "40 8 * * *", tell_what_became),
    Entry("invite-waiting", "0 8 * * 1-5", invite_waiting, only_if=somebody_waits),
    Entry("look-after-cycles", "30 8 * * 1-5", look_after_cycles, only_if=is_table_open),
    Entry("answer-everybody", "*/10 * * * *", answer_everybody, only_if=is_answer_due),
    Entry("recount-topics", "45 2 * * *", recount_waiting_topics),
    Entry("measure-results", "*/10 * * * *", measure_results, only_if=something_to_measure),
    Entry("ask-monthly-words", "50 8 * * 1-5", ask_monthly_words, only_if=somebody_is_silent),
    Entry("write-reports", "30 7 * * *", draft_due_reports, only_if=something_to_write),
    Entry("sync-sources", "*/5 * * * *", sync_due_sources, only_if=something_to_sync),
    Entry("look-after-consultations", "5 9 * * 1-5", look_after_consultations, only_if=is_consultation_due),
    Entry("look-after-adoption", "10 9 * * 1-5", look_after_adoption, only_if=is_adoption_asked),
    Entry("announce-releases", "* * * * *", announce_releases, only_if=something_to_announce),
    Entry("tell-those-who-raised", "*/15 * * * *", tell_those_who_raised, only_if=somebody_raised),
    Entry("count-who-knows", "*/10 * * * *", count_who_knows, only_if=is_count_due),
    Entry("remind-of-releases", "*/10 7-18 * * 1-5", remind_of_releases, only_if=is_reminder_due),
    Entry("look-after-lessons", "25 * * * *", look_after_lessons),
    Entry("tell-lessons", "*/5 * * * *", tell_lessons, only_if=somebody_to_tell),
    Entry("remind-who-takes-over", "10 9 * * 1-5", remind_who_takes_over, only_if=somebody_takes_over),
    Entry("look-back", "35 6 * * *", look_back),
    Entry("refresh-metrics", "*/5 * * * *", refresh_metrics, only_if=something_to_refresh),
    Entry("count-ratios", "25 2 * * *", count_ratios, only_if=is_ratio_watched),
    Entry("measure-levers", "*/15 * * * *", measure_levers, only_if=is_lever_due),
    Entry("count-checks", "15 2 * * *", count_checks, only_if=is_check_on),
    Entry("forget-old-jobs", "10 3 * * *", forget_old_jobs),
    Entry("forget-what-expired", "55 * * * *", forget_what_expired),
    Entry("count-tables", "*/5 * * * *", count_tables, only_if=has_outgrown),
    Entry("forget-old-files", "30 3 * * *", forget_old_files),
    Entry("sweep-trails", "35 3 * * *", sweep_trails),
    Entry("forget-old-answers", "40 3 * * *", forget_old_answers),
    Entry("clear-sessions", "20 3 * * *", clear_sessions),
]
