//! The `in_process` target.

use crate::{ask, context, error_of, impatient, request};
use holdline::target::{self, Answer, Context, Request, TargetErrorKind};
use serde_json::json;

const TEXT: &str = "in_process = 'app'";

#[tokio::test]
async fn a_closure_answers_with_a_text_or_a_whole_answer() {
    let mut context = context();
    context
        .closures
        .register("app", async |request: Request| Ok::<_, String>(format!("you said {}", request.input)));
    let answer = ask(TEXT, &context, &request("hi")).await.unwrap();
    assert_eq!(answer.output, r#"you said "hi""#);
    assert!(answer.latency_ms.is_some());

    context.closures.register("app", async |_| {
        Ok::<_, String>(Answer { label: Some("x".into()), latency_ms: Some(1.5), ..Answer::default() })
    });
    let answer = ask(TEXT, &context, &request("hi")).await.unwrap();
    assert_eq!((answer.label.as_deref(), answer.latency_ms), (Some("x"), Some(1.5)));
}

#[tokio::test]
async fn an_error_and_a_panic_are_target_errors() {
    let mut context = context();
    context.closures.register("app", async |request: Request| {
        assert!(request.input != json!("panic"), "at the {}", "disco");
        Err::<String, _>(std::io::Error::other("no such user"))
    });
    let outcome = ask(TEXT, &context, &request("hi")).await;
    assert_eq!(error_of(TargetErrorKind::InProcess, outcome), "no such user");
    let outcome = ask(TEXT, &context, &request("panic")).await;
    assert_eq!(error_of(TargetErrorKind::InProcess, outcome), "the closure panicked: at the disco");
}

#[tokio::test]
async fn a_panic_before_the_first_await_is_caught_too() {
    let mut context = context();
    context
        .closures
        .register("app", |_: Request| -> std::future::Ready<Result<String, String>> { panic!("at once") });
    let outcome = ask(TEXT, &context, &request("hi")).await;
    assert_eq!(error_of(TargetErrorKind::InProcess, outcome), "the closure panicked: at once");
}

#[tokio::test]
async fn a_closure_that_takes_too_long_is_given_up() {
    let mut context = impatient();
    context.closures.register("app", async |_| {
        std::future::pending::<()>().await;
        Ok::<_, String>("never")
    });
    error_of(TargetErrorKind::Timeout, ask(TEXT, &context, &request("hi")).await);
}

#[tokio::test]
async fn an_answer_over_the_limit_is_a_target_error() {
    let mut context = context();
    context.closures.register("app", async |_| Ok::<_, String>("12345"));
    let outcome = ask("in_process = 'app'\nmax_answer = '4B'", &context, &request("hi")).await;
    error_of(TargetErrorKind::TooLarge, outcome);
}

#[test]
fn a_name_that_nobody_registered_is_told_with_those_there_are() {
    let mut context: Context = context();
    context.closures.register("other", async |_| Ok::<_, String>("x"));
    let error = target::open(&crate::spec(TEXT), &context).err().unwrap().to_string();
    assert!(error.contains("no closure named `app`") && error.contains("there is `other`"), "{error}");
    assert!(error.contains("cargo test"), "{error}");
}
