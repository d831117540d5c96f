//! Servers that are there and do not want to: 429, 5xx, and a rate that is not to be exceeded.

use super::*;
use std::sync::{Arc, Mutex};

fn status(status: &str, more: &str) -> Vec<Act> {
    vec![Act::Send(format!("HTTP/1.1 {status}\r\n{more}content-length: 4\r\n\r\nbusy").into())]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_asks_to_wait_is_left_alone_for_so_long_and_then_asked_again() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let seen = times.clone();
    let server = bad(move |before| {
        seen.lock().unwrap().push(Instant::now());
        if before == 0 { status("429 Too Many Requests", "retry-after: 1\r\n") } else { vec![fine()] }
    })
    .await;
    let project = suite(&server.url("/ask"), "");
    let came = run(&project);
    came.all_pass();
    assert_eq!(server.asked().len(), 4, "every case once, and one once more");
    let times = times.lock().unwrap().clone();
    assert!(times[1] - times[0] >= Duration::from_secs(1));
    let attempts = came.attempts("bad");
    assert_eq!((attempts.len(), attempts[0].0.as_str()), (1, "status"));
    assert!((1000..1500).contains(&attempts[0].1), "{attempts:?}");

    let id = came.case("bad")["id"].as_str().unwrap();
    project.holdline(&["show", id]).expect(0).says(&[
        "attempt 1",
        "429 Too Many Requests: busy",
        "asked again",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_asks_for_an_hour_is_not_waited_for() {
    let server = bad(|_| status("503 Service Unavailable", "retry-after: 3600\r\n")).await;
    let came = run(&suite(&server.url("/ask"), ""));
    came.only_the_bad_one_is("status");
    assert_eq!(bad_requests(&server), 1);
    assert_eq!(
        (&came.error("bad")["status"], &came.error("bad")["retry_after_ms"]),
        (&503.into(), &3_600_000.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_failures_is_lived_through() {
    // Each of forty cases fails twice, with another status each time.
    let asked: Mutex<std::collections::HashMap<String, usize>> = Mutex::default();
    let server = Server::answering(move |request| {
        let mut asked = asked.lock().unwrap();
        let before = asked.entry(request.body.clone()).or_default();
        *before += 1;
        match *before {
            1 => status("502 Bad Gateway", ""),
            2 => status("503 Service Unavailable", ""),
            _ => vec![fine()],
        }
    })
    .await;
    let project = suite(&server.url("/ask"), "");
    let inputs = (0..40).map(|n| format!("\"question {n}\"")).collect::<Vec<_>>().join(", ");
    let text = project.read("suites/answers.toml").replace("concurrency = 1", "concurrency = 8");
    let text = text.replace(r#""good one", "bad", "good two""#, &inputs);
    project.write("suites/answers.toml", &text);
    let came = run(&project);
    for n in 0..40 {
        assert_eq!(came.outcome(&format!("question {n}")), "pass");
        assert_eq!(came.attempts(&format!("question {n}")).len(), 2);
    }
    assert_eq!(server.asked().len(), 120);
    came.ran.expect(0).says(&["40 requests were answered only at the second or third attempt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_will_never_do_is_asked_for_once() {
    for code in ["501 Not Implemented", "505 HTTP Version Not Supported", "400 Bad Request", "404 Not Found"]
    {
        let server = bad(move |_| status(code, "")).await;
        let came = run(&suite(&server.url("/ask"), ""));
        came.only_the_bad_one_is("status");
        assert_eq!(bad_requests(&server), 1, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_complete_is_never_asked_for_again() {
    let no_json = Act::Send(reply("200 OK", "application/json", "oops"));
    let no_message = Act::Send(reply("200 OK", "application/json", "{}"));
    for (answer, kind) in [(no_json, "not_json"), (no_message, "missing_pointer")] {
        let server = bad(move |_| vec![answer.clone()]).await;
        let came = run(&suite(&server.url("/ask"), ""));
        came.only_the_bad_one_is(kind);
        assert_eq!(bad_requests(&server), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_sent_than_the_rate_allows() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let seen = times.clone();
    let server = Server::answering(move |_| {
        seen.lock().unwrap().push(Instant::now());
        vec![fine()]
    })
    .await;
    let project = suite(&server.url("/ask"), "rate = \"600/min\"");
    let inputs = (0..12).map(|n| format!("\"question {n}\"")).collect::<Vec<_>>().join(", ");
    let text = project.read("suites/answers.toml").replace("concurrency = 1", "concurrency = 8");
    project.write("suites/answers.toml", &text.replace(r#""good one", "bad", "good two""#, &inputs));
    run(&project).ran.expect(0);
    let times = times.lock().unwrap().clone();
    assert_eq!(times.len(), 12);
    // Ten a second: the twelfth is due after 1.1 s, and may go a quarter of a second, less its own tenth,
    // ahead. The first of them may have been held up on its way by as much as a busy machine likes, so the
    // span is taken with half of it to spare.
    assert!(times[11] - times[0] >= Duration::from_millis(475), "{:?}", times[11] - times[0]);
}
