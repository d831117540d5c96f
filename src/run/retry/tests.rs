use super::*;
use crate::expand::CaseId;
use crate::suite::Row;
use crate::target::Answer;
use std::collections::VecDeque;
use std::sync::Mutex;

/// Says one thing after the other, each after a second, and remembers when it was asked.
#[derive(Default)]
struct Scripted {
    says: Mutex<VecDeque<Result<Answer, TargetError>>>,
    asked: Mutex<Vec<Instant>>,
}

impl Target for Scripted {
    fn ask<'a>(&'a self, _: &'a Request) -> Asking<'a> {
        Box::pin(async move {
            self.asked.lock().unwrap().push(Instant::now());
            sleep(Duration::from_secs(1)).await;
            self.says.lock().unwrap().pop_front().unwrap_or_else(|| Err(error(TargetErrorKind::Refused)))
        })
    }
}

fn scripted(says: impl IntoIterator<Item = Result<Answer, TargetError>>) -> Arc<Scripted> {
    Arc::new(Scripted { says: Mutex::new(says.into_iter().collect()), ..Scripted::default() })
}

fn error(kind: TargetErrorKind) -> TargetError {
    TargetError::new(kind, "no")
}

fn status(status: u16, retry_after_ms: Option<u64>) -> TargetError {
    TargetError { status: Some(status), retry_after_ms, ..error(TargetErrorKind::Status) }
}

fn request() -> Request {
    Request {
        case: CaseId::of(&[b"case"]),
        row_id: None,
        repeat: 0,
        input: "hi".into(),
        turns: Vec::new(),
        row: Row::default(),
        knobs: Row::default(),
        conversation: "c-1".into(),
        deadline: None,
    }
}

impl Scripted {
    fn times(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

#[test]
fn what_is_waited_at_most_doubles_up_to_half_a_minute() {
    let most: Vec<u64> = (0..9).map(|earlier| u64::try_from(most(earlier).as_millis()).unwrap()).collect();
    assert_eq!(most, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    assert_eq!(super::most(u32::MAX), LONGEST);
}

/// Uniform between nothing and the most: of 1000 waits the mean is 250 ms within four standard errors, which
/// are 500 / √12 / √1000 = 4.6 ms each.
#[test]
fn waits_are_spread_evenly_and_the_same_in_every_run() {
    let wait = |case: u32, seed| {
        let request = Request { case: CaseId::of(&[&case.to_be_bytes()]), ..request() };
        back_off(seed, &request, 0)
    };
    let all: Vec<Duration> = (0..1000).map(|case| wait(case, 7)).collect();
    assert!(all.iter().all(|wait| *wait < FIRST));
    let mean = all.iter().sum::<Duration>().as_secs_f64();
    assert!((mean - 250.0).abs() < 4.0 * 4.6, "{mean}");
    assert_eq!(all, (0..1000).map(|case| wait(case, 7)).collect::<Vec<_>>());
    assert_ne!(wait(0, 7), wait(0, 8));
    let again = Request { repeat: 1, ..request() };
    assert_ne!(back_off(7, &request(), 0), back_off(7, &again, 0));
    assert_ne!(back_off(7, &request(), 0), back_off(7, &request(), 1));
}

#[tokio::test(start_paused = true)]
async fn only_what_may_come_to_something_is_asked_again() {
    use TargetErrorKind as Kind;
    let again = [error(Kind::Refused), error(Kind::Connection), error(Kind::Timeout)];
    let again = again.into_iter().chain([429, 500, 502, 503, 504, 599].map(|code| status(code, None)));
    for error in again {
        let target = scripted([Err(error.clone()), Ok("fine".into())]);
        let answer = Retrying::new(target.clone(), 2, 0, None).ask(&request()).await.unwrap();
        assert_eq!((target.times(), answer.attempts.len()), (2, 1), "{error:?}");
    }
    let not = [
        Kind::Status, // of a command, or an error in place of a completion
        Kind::NotJson,
        Kind::MissingPointer,
        Kind::WrongType,
        Kind::TooLarge,
        Kind::NotText,
        Kind::Template,
        Kind::Command,
        Kind::InProcess,
        Kind::NotRecorded,
    ];
    let not = not.map(error).into_iter().chain([400, 401, 404, 408, 501, 505].map(|code| status(code, None)));
    for error in not {
        let target = scripted([Err(error.clone()), Ok("fine".into())]);
        let stands = Retrying::new(target.clone(), 2, 0, None).ask(&request()).await.unwrap_err();
        assert_eq!((target.times(), &stands), (1, &error));
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_in_vain_are_kept_with_the_answer_and_with_the_error() {
    let target = scripted([
        Err(error(TargetErrorKind::Timeout)),
        Err(status(503, None)),
        Ok(Answer { latency_ms: Some(5.0), .."fine".into() }),
    ]);
    let answer = Retrying::new(target.clone(), 2, 0, None).ask(&request()).await.unwrap();
    assert_eq!((answer.output.as_str(), answer.latency_ms), ("fine", Some(5.0)));
    let kinds: Vec<_> = answer.attempts.iter().map(|attempt| attempt.kind).collect();
    assert_eq!(kinds, [TargetErrorKind::Timeout, TargetErrorKind::Status]);
    assert_eq!(answer.attempts[0].message, "no");
    let waited = u128::from(answer.attempts[0].waited_ms);
    assert_eq!(waited, back_off(0, &request(), 0).as_millis());
    // A second for the attempt, and the wait, which the clock rounds up to a millisecond.
    let asked = target.asked.lock().unwrap().clone();
    assert!((1000 + waited..=1002 + waited).contains(&(asked[1] - asked[0]).as_millis()));

    let target = scripted([]);
    let error = Retrying::new(target.clone(), 2, 0, None).ask(&request()).await.unwrap_err();
    assert_eq!((target.times(), error.kind, error.attempts.len()), (3, TargetErrorKind::Refused, 2));
}

#[tokio::test(start_paused = true)]
async fn a_server_is_left_alone_for_as_long_as_it_asks() {
    let target = scripted([Err(status(429, Some(60_000))), Ok("fine".into())]);
    let answer = Retrying::new(target.clone(), 2, 0, None).ask(&request()).await.unwrap();
    let asked = target.asked.lock().unwrap().clone();
    assert!(asked[1] - asked[0] >= Duration::from_secs(61));
    assert!((60_000..60_500).contains(&answer.attempts[0].waited_ms));

    // Longer than anybody would wait.
    let target = scripted([Err(status(429, Some(120_001))), Ok("fine".into())]);
    let error = Retrying::new(target.clone(), 2, 0, None).ask(&request()).await.unwrap_err();
    assert_eq!((target.times(), error.retry_after_ms), (1, Some(120_001)));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_waited_beyond_the_time_of_the_case_or_of_the_run() {
    let soon = || Instant::now() + Duration::from_secs(30);
    let refused = || scripted([Err(status(429, Some(40_000))), Ok("fine".into())]);
    for (of_the_case, of_the_run) in [(true, false), (false, true)] {
        let (target, begin) = (refused(), Instant::now());
        let retrying = Retrying::new(target.clone(), 2, 0, of_the_run.then(soon));
        let request = Request { deadline: of_the_case.then(|| soon().into_std()), ..request() };
        let error = retrying.ask(&request).await.unwrap_err();
        assert_eq!((target.times(), error.status), (1, Some(429)));
        assert_eq!(begin.elapsed(), Duration::from_secs(1), "the error is told at once");
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_are_kept_also_when_the_time_of_the_case_ends_another() {
    // The first takes a second and waits half of one at most; the second would end after 2.5 s at most.
    let target = scripted([]);
    let deadline = Instant::now() + Duration::from_millis(1900);
    let request = Request { deadline: Some(deadline.into_std()), ..request() };
    let error = Retrying::new(target.clone(), 2, 0, None).ask(&request).await.unwrap_err();
    assert_eq!((target.times(), error.kind, error.attempts.len()), (2, TargetErrorKind::Timeout, 1));
    assert_eq!(error.message, "the time of the case was over during attempt 2");
}

#[tokio::test(start_paused = true)]
async fn where_nobody_is_there_nothing_is_repeated_any_more_until_somebody_answers() {
    let target = scripted([]);
    let retrying = Retrying::new(target.clone(), 1, 0, None);
    for _ in 0..BARREN {
        retrying.ask(&request()).await.unwrap_err();
    }
    assert_eq!(target.times(), 64, "each was asked twice");
    retrying.ask(&request()).await.unwrap_err();
    assert_eq!(target.times(), 65);
    // One who says that it is too much is there.
    target.says.lock().unwrap().extend([Err(status(429, None)), Ok("back".into())]);
    retrying.ask(&request()).await.unwrap();
    retrying.ask(&request()).await.unwrap_err();
    assert_eq!(target.times(), 69, "and now it is again");
}
