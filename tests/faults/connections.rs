//! Connections that are refused, break, or stay silent.

use super::*;
use holdline::suite::schema::RunSpec;

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Server::acting([fine()]).await;
    let project = suite("http://127.0.0.1:{{ row.port }}/ask", "retries = 1");
    let somebody = server.url("").rsplit(':').next().unwrap().to_owned();
    let rows = format!("port,text\n{somebody},good one\n{nobody},bad\n{somebody},good two\n");
    project.write("suites/rows.csv", &rows);
    let text = project.read("suites/answers.toml");
    let inputs = r#"["good one", "bad", "good two"]"#;
    project.write("suites/answers.toml", &text.replace(inputs, r#"{ file = "rows.csv", input = "text" }"#));
    let came = run(&project);
    came.only_the_bad_one_is("refused");
    let attempts = came.attempts("bad");
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].0, "refused");
    assert!(attempts[0].1 < 500, "half a second at most: {attempts:?}");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_in_the_middle_of_a_body() {
    let server = bad(|_| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 30\r\n\r\n";
        vec![Act::Send(format!("{head}{{\"message\":\"fine").into()), Act::Reset]
    })
    .await;
    let came = run(&suite(&server.url("/ask"), "retries = 1"));
    came.only_the_bad_one_is("connection");
    assert_eq!(bad_requests(&server), 2, "asked once more");
    assert_eq!(came.attempts("bad").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_once_costs_nothing_but_time() {
    let server = bad(|before| if before == 0 { vec![Act::Reset] } else { vec![fine()] }).await;
    let came = run(&suite(&server.url("/ask"), ""));
    came.all_pass();
    assert_eq!(server.asked().len(), 4);
    assert_eq!(came.attempts("bad").len(), 1);
    came.ran.says(&["1 request was answered only at the second attempt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_stays_silent() {
    let server = bad(|_| vec![Act::Hang]).await;
    let came = run(&suite(&server.url("/ask"), "request_timeout = \"2s\"\nretries = 1"));
    came.only_the_bad_one_is("timeout");
    assert_eq!(bad_requests(&server), 2);
    assert_eq!(came.attempts("bad")[0].0, "timeout");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_drips_in_byte_by_byte_has_the_time_of_one_request() {
    let server = bad(|_| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n";
        let mut acts = vec![Act::Send(head.into())];
        acts.extend(
            (0..3000).flat_map(|_| [Act::Send(b" ".to_vec()), Act::Pause(Duration::from_millis(20))]),
        );
        acts
    })
    .await;
    let came = run(&suite(&server.url("/ask"), "request_timeout = \"2s\"\nretries = 0"));
    came.only_the_bad_one_is("timeout");
    assert_eq!(bad_requests(&server), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_case_bounds_all_its_attempts() {
    let server = bad(|_| vec![Act::Hang]).await;
    let limits = "request_timeout = \"3s\"\ncase_timeout = \"6s\"\nretries = 10";
    let came = run(&suite(&server.url("/ask"), limits));
    came.only_the_bad_one_is("timeout");
    // The first takes 3 s and the next begins within half a second; the third would begin behind 6 s.
    assert_eq!((bad_requests(&server), came.attempts("bad").len()), (2, 1));
}

#[test]
fn requests_are_repeated_twice_where_a_suite_does_not_say() {
    assert_eq!(RunSpec::default().retries, 2);
}
