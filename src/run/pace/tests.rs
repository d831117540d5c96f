use super::*;
use crate::expand::CaseId;
use crate::suite::Row;
use crate::target::{Answer, TargetError, TargetErrorKind};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// An application that takes a tenth of a second, and remembers who asked when.
struct App {
    begin: Instant,
    asked: Mutex<Vec<(u32, u128)>>,
    /// What it refuses with, for as many requests.
    refuses: Mutex<VecDeque<Option<u64>>>,
    present: AtomicUsize,
    most: AtomicUsize,
}

impl App {
    fn new(refuses: impl IntoIterator<Item = Option<u64>>) -> Arc<Self> {
        Arc::new(Self {
            begin: Instant::now(),
            asked: Mutex::default(),
            refuses: Mutex::new(refuses.into_iter().collect()),
            present: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        })
    }

    /// Who asked when, in milliseconds; who is told by the number of the repeat.
    fn asked(&self) -> Vec<(u32, u128)> {
        self.asked.lock().unwrap().clone()
    }

    fn times(&self) -> Vec<u128> {
        self.asked().into_iter().map(|(_, time)| time).collect()
    }
}

impl Target for App {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(async move {
            let refusal = self.refuses.lock().unwrap().pop_front();
            self.asked.lock().unwrap().push((request.repeat, self.begin.elapsed().as_millis()));
            let present = self.present.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(present, Ordering::SeqCst);
            sleep(Duration::from_millis(100)).await;
            self.present.fetch_sub(1, Ordering::SeqCst);
            match refusal {
                None => Ok(Answer::from("fine")),
                Some(retry_after_ms) => Err(TargetError {
                    status: Some(429),
                    retry_after_ms,
                    ..TargetError::new(TargetErrorKind::Status, "no")
                }),
            }
        })
    }

    fn host(&self, request: &Request) -> target::Host<'_> {
        match request.input.as_str() {
            Some("elsewhere") => target::Host::Told("elsewhere:80".into()),
            _ => target::Host::Fixed("app:80"),
        }
    }
}

fn request(suite: u32, input: &str) -> Request {
    Request {
        case: CaseId::of(&[b"case"]),
        row_id: None,
        repeat: suite,
        input: input.into(),
        turns: Vec::new(),
        row: Row::default(),
        knobs: Row::default(),
        conversation: "c-1".into(),
        deadline: None,
    }
}

fn run(concurrency: usize, rate: &str) -> RunSpec {
    let rate = (!rate.is_empty()).then(|| rate.parse().unwrap());
    RunSpec { concurrency, rate, ..RunSpec::default() }
}

/// Asks `count` times at once for a suite.
fn ask(tasks: &mut JoinSet<()>, paced: &Arc<Paced>, suite: u32, count: usize) {
    for _ in 0..count {
        let paced = Arc::clone(paced);
        tasks.spawn(async move {
            let _ = paced.ask(&request(suite, "hi")).await;
        });
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_nothing_waits() {
    let app = App::new([]);
    let paced = Arc::new(Arc::new(Pace::new(1)).paced(app.clone(), &run(1000, "")));
    let mut tasks = JoinSet::new();
    ask(&mut tasks, &paced, 0, 1000);
    tasks.join_all().await;
    assert_eq!(app.times(), [0; 1000]);
}

#[tokio::test(start_paused = true)]
async fn requests_keep_to_the_rate_and_shards_to_their_part_of_it() {
    for (shards, expected) in [(1, [0, 0, 50, 150, 250, 350]), (2, [0, 150, 350, 550, 750, 950])] {
        let app = App::new([]);
        let paced = Arc::new(Arc::new(Pace::new(shards)).paced(app.clone(), &run(100, "10/s")));
        let mut tasks = JoinSet::new();
        ask(&mut tasks, &paced, 0, 6);
        tasks.join_all().await;
        let times = app.times();
        // The clock of the runtime counts whole milliseconds, upwards.
        let near = |(time, expected): (&u128, u128)| (expected..=expected + 2).contains(time);
        assert!(times.iter().zip(expected).all(near), "{shards}: {times:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn suites_that_share_a_host_share_its_limits() {
    let app = App::new([]);
    let pace = Arc::new(Pace::new(1));
    let first = Arc::new(pace.paced(app.clone(), &run(3, "")));
    let second = Arc::new(pace.paced(app.clone(), &run(4, "")));
    let mut tasks = JoinSet::new();
    ask(&mut tasks, &second, 1, 8);
    ask(&mut tasks, &first, 0, 8);
    tasks.join_all().await;
    assert_eq!(app.most.load(Ordering::SeqCst), 4);
    assert_eq!(app.asked().len(), 16);

    // The slower rate holds for both. Ten requests at 5/s: two hundred milliseconds apart, but for the
    // fifty that may be taken ahead.
    let app = App::new([]);
    let pace = Arc::new(Pace::new(1));
    let first = Arc::new(pace.paced(app.clone(), &run(100, "5/s")));
    let second = Arc::new(pace.paced(app.clone(), &run(100, "50/s")));
    let mut tasks = JoinSet::new();
    ask(&mut tasks, &first, 0, 5);
    ask(&mut tasks, &second, 1, 5);
    tasks.join_all().await;
    let last = *app.times().last().unwrap();
    assert!((1750..=1760).contains(&last), "{last}");
}

#[tokio::test(start_paused = true)]
async fn another_host_has_limits_of_its_own() {
    let app = App::new([]);
    let paced = Arc::new(Pace::new(1)).paced(app.clone(), &run(10, "1/s"));
    for input in ["hi", "elsewhere"] {
        paced.ask(&request(0, input)).await.unwrap();
    }
    assert_eq!(app.times(), [0, 100]);
    paced.ask(&request(0, "elsewhere")).await.unwrap();
    assert!(app.times()[2] >= 1100);
}

#[tokio::test(start_paused = true)]
async fn a_small_suite_does_not_stand_behind_a_large_one() {
    let app = App::new([]);
    let pace = Arc::new(Pace::new(1));
    let large = Arc::new(pace.paced(app.clone(), &run(4, "")));
    let small = Arc::new(pace.paced(app.clone(), &run(4, "")));
    let mut tasks = JoinSet::new();
    ask(&mut tasks, &large, 0, 1000);
    // All of the large suite wait by now.
    sleep(Duration::from_millis(50)).await;
    ask(&mut tasks, &small, 1, 10);
    tasks.join_all().await;
    let order: Vec<u32> = app.asked().into_iter().map(|(suite, _)| suite).collect();
    let last = order.iter().rposition(|suite| *suite == 1).unwrap();
    // Four were in flight; then they take turns, the large suite first: 4 + 2 × 10.
    assert_eq!(last + 1, 24, "{:?}", &order[..30]);
    assert_eq!(order.len(), 1010);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_refuses_rests_and_gets_half_as_many() {
    let app = App::new([Some(3000); 8]);
    let paced = Arc::new(Arc::new(Pace::new(1)).paced(app.clone(), &run(8, "")));
    let mut tasks = JoinSet::new();
    ask(&mut tasks, &paced, 0, 8);
    sleep(Duration::from_millis(150)).await;
    assert_eq!(app.asked().len(), 8);
    app.most.store(0, Ordering::SeqCst);
    ask(&mut tasks, &paced, 0, 60);
    sleep(Duration::from_millis(2900)).await;
    assert_eq!(app.asked().len(), 8, "it asked for 3 s, at 0.1 s");
    tasks.join_all().await;
    let times = &app.times()[8..];
    assert!(times[0] >= 3100, "{times:?}");
    // Four at once until ten were answered, five until ten more, and so on: 4 4 4 | …
    let wave = |from: u128, to: u128| times.iter().filter(|time| (from..to).contains(time)).count();
    assert_eq!((wave(3100, 3150), wave(3200, 3250), wave(3300, 3350)), (4, 4, 4));
    assert_eq!(wave(3400, 3450), 5, "twelve were answered: one more");
    assert_eq!(app.most.load(Ordering::SeqCst), 8, "and in the end as many as before");
}

#[tokio::test(start_paused = true)]
async fn a_host_that_wants_more_rest_than_anybody_has_is_asked_and_refuses() {
    let app = App::new([Some(3_600_000), Some(3_600_000)]);
    let paced = Arc::new(Pace::new(1)).paced(app.clone(), &run(8, ""));
    for _ in 0..2 {
        paced.ask(&request(0, "hi")).await.unwrap_err();
    }
    assert_eq!(app.times(), [0, 100]);
}

#[tokio::test(start_paused = true)]
async fn requests_that_are_given_up_hold_nobody_up() {
    let app = App::new([]);
    let paced = Arc::new(Arc::new(Pace::new(1)).paced(app.clone(), &run(2, "")));
    let mut given_up = JoinSet::new();
    ask(&mut given_up, &paced, 0, 500);
    sleep(Duration::from_millis(50)).await;
    let mut tasks = JoinSet::new();
    ask(&mut tasks, &paced, 1, 4);
    sleep(Duration::from_millis(10)).await;
    // Two in flight and 498 that wait.
    given_up.shutdown().await;
    tasks.join_all().await;
    let asked = app.asked();
    assert_eq!(asked.len(), 6);
    assert_eq!(asked[2], (1, 60), "at once");
    assert_eq!(asked[5], (1, 160));
}
