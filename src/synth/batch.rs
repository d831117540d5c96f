//! Many requests at once, answered in any order and handed back in theirs; ended in order by a limit on the time
//! or by whoever stops it.

use super::ask::{AsksJson, JsonAsk, JsonForm, JsonReply};
use crate::model::{Message, Unanswered};
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// A request that is to be sent.
#[derive(Debug, Clone)]
pub struct Job {
    /// What it is for, with its version: `queries@1`.
    pub purpose: String,
    /// What is sent, with the fences' constant code.
    pub messages: Vec<Message>,
    /// What the reply must look like.
    pub form: JsonForm,
    /// Tells requests apart that say the same.
    pub sample: u32,
    /// The model that is asked.
    pub model: String,
}

impl Job {
    /// The request.
    pub fn ask(&self) -> JsonAsk<'_> {
        JsonAsk {
            purpose: &self.purpose,
            messages: self.messages.clone(),
            form: &self.form,
            sample: self.sample,
            model: Some(&self.model),
        }
    }
}

/// What ends requests before their end.
#[derive(Debug, Clone)]
pub struct Stops {
    /// When the time is used up: what is in flight is given up.
    pub deadline: Option<Instant>,
    /// Turns true when nothing more is to be begun: what is in flight comes to its end.
    pub stop: watch::Receiver<bool>,
}

/// What ended requests before their end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The time is used up.
    Time,
    /// Somebody stopped it.
    Stopped,
}

/// Work that is done beside other work.
pub type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Sends requests, so many at a time, and gives what each came to; `None` for what was not begun or was given up.
/// `each` hears of every one that is done.
pub async fn ask_all(
    asks: &Arc<dyn AsksJson>,
    jobs: Vec<Job>,
    at_once: usize,
    stops: &Stops,
    each: &(dyn Fn() + Sync),
) -> (Vec<Option<Result<JsonReply, Unanswered>>>, Option<Cut>) {
    let task = |job: Job| -> Task<_> {
        let asks = asks.clone();
        Box::pin(async move { asks.ask(job.ask()).await })
    };
    all(jobs.into_iter().map(task).collect(), at_once, stops, each).await
}

/// Does tasks, so many at a time, and gives what each came to in their order; `None` for what was not begun or was
/// given up. `each` hears of every one that is done.
pub async fn all<T: Send + 'static>(
    tasks: Vec<Task<T>>,
    at_once: usize,
    stops: &Stops,
    each: &(dyn Fn() + Sync),
) -> (Vec<Option<T>>, Option<Cut>) {
    let mut found: Vec<Option<T>> = std::iter::repeat_with(|| None).take(tasks.len()).collect();
    let mut tasks = tasks.into_iter().enumerate();
    let mut flying = JoinSet::new();
    let mut cut = None;
    let mut stop = stops.stop.clone();
    let late = async {
        match stops.deadline {
            Some(deadline) => tokio::time::sleep_until(deadline).await,
            None => std::future::pending().await,
        }
    };
    let stopped = async {
        // Nobody is left who could stop it.
        if stop.wait_for(|now| *now).await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let (mut late, mut stopped) = (std::pin::pin!(late), std::pin::pin!(stopped));
    loop {
        if cut.is_none() {
            while flying.len() < at_once.max(1) {
                let Some((at, task)) = tasks.next() else { break };
                flying.spawn(async move { (at, task.await) });
            }
        }
        tokio::select! {
            biased;
            () = &mut late, if cut != Some(Cut::Time) => {
                cut = Some(Cut::Time);
                flying.abort_all();
            }
            () = &mut stopped, if cut.is_none() => cut = Some(Cut::Stopped),
            joined = flying.join_next() => match joined {
                Some(Ok((at, done))) => {
                    found[at] = Some(done);
                    each();
                }
                // A panic in a task is a bug of ours and must not look like a result.
                Some(Err(error)) => {
                    if let Ok(panic) = error.try_into_panic() {
                        std::panic::resume_unwind(panic);
                    }
                }
                None => break,
            },
        }
    }
    (found, cut)
}

#[cfg(test)]
mod tests {
    use super::super::ask::JsonAsked;
    use super::*;
    use crate::model::{Spent, UnansweredKind};
    use serde_json::json;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// Answers after as many milliseconds as the sample says; the 13th never.
    #[derive(Debug, Default)]
    struct Slow {
        now: AtomicUsize,
        most: AtomicUsize,
    }

    impl AsksJson for Slow {
        fn ask<'a>(&'a self, ask: JsonAsk<'a>) -> JsonAsked<'a> {
            Box::pin(async move {
                let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
                self.most.fetch_max(now, Ordering::SeqCst);
                if ask.sample == 13 {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(Duration::from_millis(u64::from(100 - ask.sample))).await;
                self.now.fetch_sub(1, Ordering::SeqCst);
                if ask.sample == 5 {
                    let (kind, message) = (UnansweredKind::Refused, "no".to_owned());
                    return Err(Unanswered { kind, message, spent: Spent::default() });
                }
                Ok(JsonReply {
                    value: json!(ask.sample),
                    model: ask.model.unwrap_or_default().to_owned(),
                    answered: None,
                    prompt: String::new(),
                    sampling: json!(null),
                    reply: String::new(),
                    spent: Spent::default(),
                    kept: false,
                })
            })
        }
    }

    fn jobs(count: u32) -> Vec<Job> {
        let job = |sample| Job {
            purpose: "test@1".into(),
            messages: Vec::new(),
            form: JsonForm::new("test", json!({})),
            sample,
            model: "m".into(),
        };
        (0..count).map(job).collect()
    }

    fn values(found: &[Option<Result<JsonReply, Unanswered>>]) -> Vec<Option<u64>> {
        found.iter().map(|one| one.as_ref()?.as_ref().ok()?.value.as_u64()).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn replies_come_back_in_the_order_of_the_requests_and_no_more_are_asked_at_once() {
        let slow = Arc::new(Slow::default());
        let asks: Arc<dyn AsksJson> = slow.clone();
        let stops = Stops { deadline: None, stop: watch::channel(false).1 };
        let done = AtomicUsize::new(0);
        let each = || {
            done.fetch_add(1, Ordering::SeqCst);
        };
        let (found, cut) = ask_all(&asks, jobs(9), 3, &stops, &each).await;
        assert_eq!(cut, None);
        let expected: Vec<Option<u64>> = (0..9).map(|n| (n != 5).then_some(n)).collect();
        assert_eq!(values(&found), expected);
        assert_eq!(found[5].as_ref().unwrap().as_ref().unwrap_err().kind, UnansweredKind::Refused);
        assert_eq!((slow.most.load(Ordering::SeqCst), done.load(Ordering::SeqCst)), (3, 9));
    }

    #[tokio::test(start_paused = true)]
    async fn when_the_time_is_used_up_what_is_in_flight_is_given_up_and_what_is_done_is_kept() {
        let asks: Arc<dyn AsksJson> = Arc::new(Slow::default());
        let deadline = Some(Instant::now() + Duration::from_mins(1));
        let stops = Stops { deadline, stop: watch::channel(false).1 };
        let (found, cut) = ask_all(&asks, jobs(16), 2, &stops, &|| ()).await;
        assert_eq!(cut, Some(Cut::Time));
        assert!(found[13].is_none());
        assert_eq!(values(&found).iter().flatten().count(), 14, "all but the 5th and the 13th");
    }

    #[tokio::test(start_paused = true)]
    async fn when_somebody_stops_it_what_is_in_flight_comes_to_its_end_and_nothing_more_is_begun() {
        let asks: Arc<dyn AsksJson> = Arc::new(Slow::default());
        let (stop, stopped) = watch::channel(false);
        let stops = Stops { deadline: None, stop: stopped };
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(150)).await;
            let _ = stop.send(true);
        });
        let (found, cut) = ask_all(&asks, jobs(9), 2, &stops, &|| ()).await;
        assert_eq!(cut, Some(Cut::Stopped));
        assert_eq!(values(&found), [Some(0), Some(1), Some(2), Some(3), None, None, None, None, None]);
    }
}
