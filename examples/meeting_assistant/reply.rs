//! What the assistant says: short, concrete, with the details it understood, and with a question
//! where one is missing.

use crate::details::Details;
use crate::intent::{Agent, Reading};
use crate::session::Task;

/// Least probability at which an agent is worth naming in a question.
const WORTH_NAMING: f32 = 0.15;

/// Says what will be done about a task.
pub fn of_task(task: &Task, text: &str) -> String {
    match task.agent {
        Agent::Scheduling => scheduling(&task.details, text),
        Agent::Summary => summary(&task.details, text),
        Agent::Documents => documents(&task.details),
    }
}

/// Asks which of the agents is meant.
pub fn question(text: &str, reading: &Reading) -> String {
    let about = match Details::find(text).when {
        Some(when) => format!(" for {when}"),
        None => String::new(),
    };
    let close = reading.first >= WORTH_NAMING && reading.first - reading.lead >= WORTH_NAMING;
    if close {
        return format!("What shall I do{about}: {}, or {}?", reading.agent.offer(), reading.second.offer());
    }
    let [one, two, three] = Agent::ALL.map(Agent::offer);
    format!("What shall I do{about}: {one}, {two}, or {three}?")
}

/// Says what the assistant is for.
pub fn guidance() -> String {
    "I cannot help with that. I can schedule meetings, summarise them, and find your documents; \
     try \"book 30 minutes with Ana tomorrow\"."
        .to_owned()
}

fn scheduling(details: &Details, text: &str) -> String {
    let text = text.to_lowercase();
    let says = |stems: &[&str]| stems.iter().any(|stem| text.contains(stem));
    let whole = format!("{}{}{}", people(details), about(details), times(details));
    if says(&["cancel", "call off", "drop the"]) {
        return format!("I will cancel the meeting{whole} and tell everyone invited.");
    }
    if says(&["free", "availab", "open slot", "gap in"]) {
        return format!("I will look in the calendar for a free time{whole}.");
    }
    if says(&["move", "reschedul", "push", "postpone", "shift", "bring forward", "resched"]) {
        let missing = if details.when.is_none() { " What time suits you?" } else { "" };
        return format!("I will move the meeting{whole}.{missing}");
    }
    let missing = match (details.when.is_none(), details.people.is_empty()) {
        (true, true) => " When shall it be, and who should be there?",
        (true, false) => " When shall it be?",
        (false, true) => " Who should be there?",
        (false, false) => "",
    };
    format!("I will set up a meeting{whole}.{missing}")
}

fn summary(details: &Details, text: &str) -> String {
    let subject = match &details.subject {
        Some(subject) => format!("\"{subject}\""),
        None => "the meeting".to_owned(),
    };
    let text = text.to_lowercase();
    let with = if ["action", "to-do", "todo", "next step", "follow-up"].iter().any(|word| text.contains(word))
    {
        " I will list the action items."
    } else if text.contains("decision") || text.contains("decide") {
        " I will list the decisions."
    } else {
        ""
    };
    format!("I will summarise {subject}{}{}.{with}", people(details), times(details))
}

fn documents(details: &Details) -> String {
    let subject = match &details.subject {
        Some(subject) => format!("\"{subject}\""),
        None => "that".to_owned(),
    };
    let by =
        if details.people.is_empty() { String::new() } else { format!(" from {}", list(&details.people)) };
    format!("I will look for {subject}{by}{} among your documents.", times(details))
}

fn people(details: &Details) -> String {
    if details.people.is_empty() { String::new() } else { format!(" with {}", list(&details.people)) }
}

/// When it is and how long it takes, in brackets.
fn times(details: &Details) -> String {
    let known: Vec<&str> =
        [&details.when, &details.duration].into_iter().flatten().map(String::as_str).collect();
    if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) }
}

fn about(details: &Details) -> String {
    details.subject.as_ref().map_or(String::new(), |subject| format!(" about \"{subject}\""))
}

/// `Ana`, `Ana and Ben`, `Ana, Ben and Chen`.
fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(agent: Agent, text: &str) -> String {
        of_task(&Task { agent, details: Details::find(text) }, text)
    }

    #[test]
    fn a_meeting_without_a_time_is_asked_about() {
        let said = task(Agent::Scheduling, "book a call with Ana, Ben and Chen");
        assert_eq!(said, "I will set up a meeting with Ana, Ben and Chen. When shall it be?");
    }

    #[test]
    fn moving_and_cancelling_are_not_booking() {
        assert_eq!(task(Agent::Scheduling, "move the stand-up to 3 pm"), "I will move the meeting (3 pm).");
        let said = task(Agent::Scheduling, "cancel my call with Ana today");
        assert_eq!(said, "I will cancel the meeting with Ana (today) and tell everyone invited.");
    }

    #[test]
    fn a_document_is_named_with_its_sender() {
        let said = task(Agent::Documents, "find the lease from Omar");
        assert_eq!(said, "I will look for \"lease\" from Omar among your documents.");
    }
}
