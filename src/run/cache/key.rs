//! What an answer is found by: a hash over everything that decides it.

use crate::suite::Suite;
use crate::suite::params::PARAMS;
use crate::suite::schema::TargetSpec;
use crate::suite::secret::Secrets;
use crate::suite::template::{Scope, Template, TemplateError};
use crate::target::{Answer, Context, Request, Turn, kind};
use serde_json::json;

/// Version of what goes into a key and of how an answer is kept. With another one, nothing is found.
pub const PROTOCOL: u32 = 1;

/// What the values of the environment are hashed for, so that the hashes are of no use anywhere else.
const ENVIRONMENT: &str = "holdline 2026-11-27 cache key, value of the environment";

/// What stands for the id of a conversation, which is another one in every run.
const CONVERSATION: &str = "conversation";

/// What an answer is found by: 64 hex digits of blake3.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Everything that decides the answers of a suite and is the same for all of them: how the application is
/// reached and its replies are read, the parameters, the values of the environment, and what the application is
/// made of. `files` is the hash over the files of `target.fingerprint`.
pub(super) fn ground(
    suite: &Suite,
    context: &Context,
    files: Option<blake3::Hash>,
    outer: impl Fn(&str) -> Option<String>,
) -> Result<blake3::Hash, TemplateError> {
    // What says when an answer may be used is in the key by what it comes to.
    let spec =
        TargetSpec { fingerprint: Vec::new(), version: None, max_answer: None, ..suite.spec.target.clone() };
    let version = suite.spec.target.version.as_deref().map(|text| version(text, suite, &context.secrets));
    let version = version.transpose()?;
    // A parameter's default gives way to what is set outside; the application then sees that.
    let params = context.params.values().iter().map(|(name, value)| {
        let outside = outer(name).map(|value| short(&value));
        (name, value, outside)
    });
    let params: Vec<_> = params.collect();
    let secrets: Vec<_> = context.secrets.values().iter().map(|(name, value)| (name, short(value))).collect();
    let files = files.map(|hash| hash.to_hex().to_string());
    let all = json!([PROTOCOL, kind(&spec), spec, params, secrets, files, version]);
    Ok(blake3::hash(all.to_string().as_bytes()))
}

/// The version of the application: names in place of the environment's values, which are hashed by themselves.
fn version(text: &str, suite: &Suite, secrets: &Secrets) -> Result<String, TemplateError> {
    let names = Secrets::gather(secrets.values().keys().cloned(), |name| Some(format!("env:{name}"))).0;
    Template::parse(text)?.render_text(&Scope::new(&names).with(PARAMS, suite.params.values()))
}

/// 32 bits over a value of the environment: enough to tell two apart, and too few to get a key back from.
fn short(value: &str) -> u32 {
    let hash = blake3::derive_key(ENVIRONMENT, value.as_bytes());
    u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]])
}

/// The question as it is in every run: without the conversation's id, and without what answers say of the run
/// that they were asked in.
pub(super) fn settled(request: &Request) -> Request {
    let turn = |turn: &Turn| Turn { user: turn.user.clone(), answer: content(&turn.answer) };
    Request {
        conversation: CONVERSATION.to_owned(),
        turns: request.turns.iter().map(turn).collect(),
        ..request.clone()
    }
}

/// What the application said, without what is of the run alone: times, attempts, and where it was taken from.
pub(super) fn content(answer: &Answer) -> Answer {
    Answer { latency_ms: None, first_token_ms: None, attempts: Vec::new(), cached: false, ..answer.clone() }
}

/// The key of the answer to a settled question, of which `sends` is what is sent.
pub(super) fn key(ground: &blake3::Hash, settled: &Request, sends: &[u8]) -> Key {
    // A list of turns always becomes JSON: its maps have texts for keys.
    let turns = serde_json::to_vec(&settled.turns).unwrap_or_default();
    let mut hasher = blake3::Hasher::new();
    hasher.update(ground.as_bytes()).update(&settled.repeat.to_le_bytes());
    for part in [&turns, sends] {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    Key(hasher.finalize().to_hex().to_string())
}

/// The key of a judge's answer: over the protocol of judges and `parts`, which say all that decides it.
pub(super) fn verdict_key(protocol: u32, parts: &serde_json::Value) -> Key {
    let all = json!(["verdict", PROTOCOL, protocol, parts]);
    Key(blake3::hash(all.to_string().as_bytes()).to_hex().to_string())
}

/// The key of a reply to a generator: over the protocol of generators and `parts`, which say all that decides it.
pub(super) fn reply_key(protocol: u32, parts: &serde_json::Value) -> Key {
    let all = json!(["reply", PROTOCOL, protocol, parts]);
    Key(blake3::hash(all.to_string().as_bytes()).to_hex().to_string())
}

/// A key of nothing, for tests.
#[cfg(test)]
pub(super) fn made_up(text: &str) -> Key {
    Key(blake3::hash(text.as_bytes()).to_hex().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use crate::suite::{Params, Row, load};
    use crate::target::{Attempt, Closures, Target, TargetErrorKind, open};
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    fn request(input: &str) -> Request {
        Request {
            case: CaseId::of(&[b"case"]),
            row_id: None,
            repeat: 0,
            input: json!(input),
            turns: Vec::new(),
            row: Row::default(),
            knobs: Row::default(),
            conversation: "run-7-case-0".into(),
            deadline: None,
        }
    }

    /// The suite with this target, what its templates are filled in with, and the target itself.
    fn opened(target: &str, env: &[(&str, &str)], port: Option<u16>) -> (Suite, Context, Box<dyn Target>) {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("s.toml");
        let rest = "[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = { contains = \"x\" }\n";
        std::fs::write(&path, format!("feature = \"f\"\n[target]\n{target}\n{rest}")).unwrap();
        let suite = load(root.path(), &path).unwrap();
        let lookup =
            |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let (secrets, missing) = Secrets::gather(crate::suite::env_names(&suite), lookup);
        assert!(missing.is_empty(), "{missing:?}");
        let context = Context {
            root: Path::new(".").to_owned(),
            folder: Path::new(".").to_owned(),
            secrets: Arc::new(secrets),
            serve_port: port,
            params: Arc::new(Params::default()),
            request_timeout: Duration::from_secs(1),
            closures: Closures::default(),
        };
        let target = open(&suite.spec.target, &context).unwrap();
        (suite, context, target)
    }

    fn key_of(target: &str, env: &[(&str, &str)], port: Option<u16>, request: &Request) -> Key {
        let (suite, context, target) = opened(target, env, port);
        let ground = ground(&suite, &context, None, |_| None).unwrap();
        let settled = settled(request);
        key(&ground, &settled, &target.sends(&settled).unwrap())
    }

    const SERVED: &str = r#"http = "http://127.0.0.1:{{ serve.port }}/ask"
body = { text = "{{ input }}", session = "{{ conversation.id }}" }
headers = { authorization = "Bearer ${env:TOKEN}" }
version = "${env:SHA}"
[target.serve]
command = ["app"]
port = "auto"
ready = "http://127.0.0.1:{{ serve.port }}/health""#;
    const ENV: [(&str, &str); 2] = [("TOKEN", "opensesame"), ("SHA", "1a2b")];

    #[test]
    fn the_protocol_is_pinned() {
        // Another key for the same question needs another version: what is kept would be there for nothing, or
        // worse, be taken for the answer to something else.
        assert_eq!(PROTOCOL, 1);
        let settled = settled(&request("hi"));
        let ground = blake3::hash(b"ground");
        assert_eq!(
            key(&ground, &settled, b"sent").as_str(),
            blake3::hash(
                &[
                    ground.as_bytes(),
                    &[0_u8; 4][..],
                    &[2, 0, 0, 0, 0, 0, 0, 0],
                    b"[]",
                    &[4, 0, 0, 0, 0, 0, 0, 0],
                    b"sent"
                ]
                .concat()
            )
            .to_hex()
            .as_str()
        );
    }

    #[test]
    fn what_is_another_in_every_run_is_not_in_it() {
        let one = key_of(SERVED, &ENV, Some(4000), &request("hi"));
        let other = Request { conversation: "run-8-case-0".into(), ..request("hi") };
        assert_eq!(one, key_of(SERVED, &ENV, Some(5000), &other));
    }

    #[test]
    fn everything_that_decides_the_answer_is_in_it() {
        let one = key_of(SERVED, &ENV, Some(1), &request("hi"));
        let others = [
            key_of(SERVED, &ENV, Some(1), &request("ho")),
            key_of(SERVED, &ENV, Some(1), &Request { repeat: 1, ..request("hi") }),
            key_of(SERVED, &[ENV[0], ("SHA", "1a2c")], Some(1), &request("hi")),
            key_of(SERVED, &[("TOKEN", "opensesamy"), ENV[1]], Some(1), &request("hi")),
            key_of(&SERVED.replace("/ask", "/route"), &ENV, Some(1), &request("hi")),
            key_of(&SERVED.replace("\"app\"", "\"app\", \"--fast\""), &ENV, Some(1), &request("hi")),
            key_of(&SERVED.replace("headers", "method = \"PUT\"\nheaders"), &ENV, Some(1), &request("hi")),
            key_of(
                &SERVED.replace("headers", "reply = { output = \"/m\" }\nheaders"),
                &ENV,
                Some(1),
                &request("hi"),
            ),
            key_of(SERVED, &ENV, Some(1), &Request { turns: vec![turn("a", "b")], ..request("hi") }),
            key_of(SERVED, &ENV, Some(1), &Request { turns: vec![turn("a", "c")], ..request("hi") }),
        ];
        let all: std::collections::HashSet<_> = others.iter().chain([&one]).collect();
        assert_eq!(all.len(), others.len() + 1);
    }

    fn turn(user: &str, answer: &str) -> Turn {
        Turn { user: json!(user), answer: answer.into() }
    }

    #[test]
    fn times_and_attempts_of_earlier_turns_are_not_in_it() {
        let asked = |answer: Answer| {
            let turns = vec![Turn { user: json!("a"), answer }];
            key_of("command = [\"app\"]\nversion = \"1\"", &[], None, &Request { turns, ..request("hi") })
        };
        let plain = Answer::from("b");
        let attempt = Attempt { kind: TargetErrorKind::Timeout, message: "late".into(), waited_ms: 7 };
        let of_a_run = Answer {
            latency_ms: Some(12.5),
            first_token_ms: Some(3.0),
            attempts: vec![attempt],
            cached: true,
            ..plain.clone()
        };
        assert_eq!(asked(plain), asked(of_a_run));
    }

    #[test]
    fn no_secret_is_sent_into_it() {
        let (_, _, target) = opened(SERVED, &ENV, Some(1));
        let sends = String::from_utf8(target.sends(&settled(&request("hi"))).unwrap()).unwrap();
        assert!(sends.contains("Bearer env:TOKEN") && !sends.contains("opensesame"), "{sends}");
    }

    #[test]
    fn chat_and_programs_say_what_they_are_sent_and_closures_and_recordings_say_nothing() {
        let chat = "chat = \"http://127.0.0.1:1/v1\"\nmodel = \"m\"\nversion = \"1\"";
        let one = key_of(chat, &[], None, &request("hi"));
        assert_ne!(one, key_of(&chat.replace("\"m\"", "\"n\""), &[], None, &request("hi")));
        let program = "command = [\"app\", \"{{ input }}\"]\nversion = \"1\"";
        assert_ne!(one, key_of(program, &[], None, &request("hi")));
        let mut closures = Closures::default();
        closures.register("c", async |_| Ok::<_, String>("x"));
        let (_, context, _) = opened(chat, &[], None);
        let spec: TargetSpec = toml::from_str("in_process = \"c\"").unwrap();
        let closure = open(&spec, &Context { closures, ..context }).unwrap();
        assert_eq!(closure.sends(&request("hi")), None);
    }
}
