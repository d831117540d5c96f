//! Checks of `[target]`: one way to reach the application, and nothing that this way would ignore.

use super::{Checker, is_template};
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::document::{Data, Node};
use crate::suite::schema::{CommandFormat, Port, ReplySpec, TargetSpec};
use reqwest::header::HeaderName;

/// The ways to reach an application, each with the keys that go with it.
const WAYS: [(&str, &[&str]); 5] = [
    ("http", &["method", "headers", "body", "form", "raw", "reply", "version", "serve"]),
    (
        "chat",
        &[
            "headers",
            "reply",
            "model",
            "system",
            "api_key",
            "temperature",
            "max_tokens",
            "stream",
            "version",
            "serve",
        ],
    ),
    ("command", &["body", "format", "env", "reply", "version"]),
    ("recorded", &[]),
    ("in_process", &[]),
];

/// Keys that go with every way.
const ALWAYS: &[&str] = &["max_answer", "fingerprint"];

impl Checker<'_> {
    pub(super) fn target(&mut self) {
        let Some(node) = self.root.get("target") else { return };
        let ways: Vec<_> = WAYS.iter().filter(|(way, _)| node.mentions(way)).collect();
        match ways.as_slice() {
            [] => {
                // A key that was taken out may have been the way.
                if !node.is_damaged() {
                    let nothing =
                        self.at("no-target", "`[target]` does not say how the application is reached", node);
                    self.out.push(
                        nothing.help("give one of `http`, `chat`, `command`, `recorded` or `in_process`"),
                    );
                }
            }
            [(way, keys)] => self.belonging(way, keys, node),
            [(first, _), others @ ..] => {
                for (other, _) in others {
                    let what = format!("the application is reached by `{first}` and by `{other}`");
                    let both = self.at_key("several-targets", what, node.field(other));
                    let first = self.source.spot(node.field(first).key_span());
                    self.out.push(
                        both.label("the second way").related(first, "the first way").help("keep one of them"),
                    );
                }
            }
        }
        let spec = &self.spec.target;
        self.addresses(spec, node);
        self.reply(&spec.reply, node.field("reply"));
        self.contents(spec, node);
        self.headers(spec, node.field("headers"));
        self.numbers(spec, node);
        self.made_of(spec, node);
    }

    /// Headers that can be sent.
    fn headers(&mut self, spec: &TargetSpec, node: &Node) {
        for (name, value) in &spec.headers {
            let field = node.field(name);
            if HeaderName::from_bytes(name.as_bytes()).is_err() {
                let what = format!("{} is not the name of a header", quote(name));
                let bad = self.at_key("bad-header", what, field);
                self.out.push(bad.help("a name has letters, digits and `-`, such as `X-Request-Source`"));
            }
            if value.chars().any(|c| c.is_control() && c != '\t') {
                let what = format!("the header {} holds a control character", quote(name));
                let bad = self.at("bad-header", what, field);
                self.out.push(bad.help("write it on one line"));
            }
        }
    }

    /// Quantities with which nothing could be asked or answered.
    fn numbers(&mut self, spec: &TargetSpec, node: &Node) {
        if spec.temperature.is_some_and(|temperature| temperature < 0.0) {
            let bad = self.at("out-of-range", "`temperature` cannot be negative", node.field("temperature"));
            self.out.push(bad.help("write a number from 0, or leave it out: it is sent only when it is set"));
        }
        if spec.max_tokens == Some(0) {
            let bad = self.at("out-of-range", "`max_tokens` cannot be 0", node.field("max_tokens"));
            self.out.push(bad.help("write how long an answer may be, or leave it out"));
        }
        if spec.max_answer.is_some_and(|most| most.bytes() == 0) {
            let bad = self.at("out-of-range", "`max_answer` cannot be 0", node.field("max_answer"));
            self.out.push(bad.help("write a size such as `\"4MiB\"`, or leave it out"));
        }
        for (key, text) in [("api_key", &spec.api_key), ("model", &spec.model)] {
            if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
                let empty = self.at("empty-text", format!("`{key}` is empty"), node.field(key));
                self.out.push(empty.help("leave it out where the endpoint needs none"));
            }
        }
        let (Some(serve), node) = (&spec.serve, node.field("serve")) else { return };
        if serve.port == Some(Port::Fixed(0)) {
            let bad = self.at("out-of-range", "`port` cannot be 0", node.field("port"));
            self.out.push(bad.help("write `port = \"auto\"` for any free one"));
        }
        if serve.port.is_some() && serve.env.contains_key("PORT") {
            let what = "`PORT` is what `port` tells the application";
            let twice = self.at_key("misplaced-key", what, node.field("env").field("PORT"));
            self.out.push(twice.help("leave one of them out"));
        }
        if let Some(limit) = serve.ready_timeout {
            self.some_time("ready_timeout", limit, node.field("ready_timeout"));
        }
    }

    /// Tells of keys that another way would read.
    fn belonging(&mut self, way: &str, keys: &[&str], node: &Node) {
        let Data::Table(fields, _) = &node.data else { return };
        for (key, field) in fields {
            let key = key.as_str();
            if key == way || keys.contains(&key) || ALWAYS.contains(&key) {
                continue;
            }
            let readers = WAYS.iter().filter(|(_, keys)| keys.contains(&key)).map(|(way, _)| *way);
            let what = format!("`{key}` means nothing to a target with `{way}`");
            let misplaced = self.at_key("misplaced-key", what, field);
            self.out.push(misplaced.help(format!("leave it out; it goes with {}", quote_all(readers))));
        }
    }

    fn addresses(&mut self, spec: &TargetSpec, node: &Node) {
        let ready = spec.serve.as_ref().map(|serve| &serve.ready);
        let all = [
            (spec.http.as_ref(), node.field("http")),
            (spec.chat.as_ref(), node.field("chat")),
            (ready, node.field("serve").field("ready")),
        ];
        for (address, node) in all {
            let Some(address) = address else { continue };
            let filled = address.starts_with("{{") || address.starts_with("${env:");
            if !filled && !address.starts_with("http://") && !address.starts_with("https://") {
                let bad = self.at("bad-address", format!("{} is not an address", quote(address)), node);
                self.out.push(bad.help("an address begins with `http://` or `https://`"));
            } else if !is_template(address)
                && let Err(error) = reqwest::Url::parse(address.trim())
            {
                let what = format!("{} is not an address: {error}", quote(address));
                let bad = self.at("bad-address", what, node);
                self.out
                    .push(bad.help("an address is written `http://host:port/path`, with a port up to 65535"));
            }
        }
    }

    fn reply(&mut self, spec: &ReplySpec, node: &Node) {
        let all = [
            ("output", &spec.output),
            ("label", &spec.label),
            ("contexts", &spec.contexts),
            ("retrieved", &spec.retrieved),
            ("calls", &spec.calls),
            ("usage", &spec.usage),
            ("model", &spec.model),
        ];
        for (key, pointer) in all {
            if let Some(pointer) = pointer {
                self.pointer(pointer, node.field(key));
            }
        }
    }

    fn contents(&mut self, spec: &TargetSpec, node: &Node) {
        let bodies: Vec<_> = ["body", "form", "raw"].into_iter().filter(|key| node.mentions(key)).collect();
        if let [first, second, ..] = bodies.as_slice() {
            let what = format!("a request has one body, and both `{first}` and `{second}` are given");
            let both = self.at_key("several-bodies", what, node.field(second));
            let first = self.source.spot(node.field(first).key_span());
            self.out.push(both.related(first, "the first one").help("keep one of them"));
        }
        let serve = spec.serve.as_ref().map(|serve| (&serve.command, node.field("serve")));
        let commands = spec.command.as_ref().map(|command| (command, node));
        for (command, node) in commands.into_iter().chain(serve) {
            let node = node.field("command");
            if command.first().is_none_or(|program| program.trim().is_empty()) && !node.is_damaged() {
                let nothing = self.at("empty-command", "this command names no program", node);
                self.out
                    .push(nothing.help("write the program and its arguments: `[\"python3\", \"app.py\"]`"));
            }
        }
        if spec.format == Some(CommandFormat::Text) && spec.reply != ReplySpec::default() {
            let what = "`reply` points into JSON, and this command answers with plain text";
            let ignored = self.at_key("misplaced-key", what, node.field("reply"));
            self.out.push(ignored.help("leave `reply` out, or write `format = \"json\"`"));
        }
        let recording = spec.recorded.as_ref().map(|name| self.files.exists(name));
        if let Some(Err(mistake)) = recording {
            self.out.push(mistake.or_at(self.source.spot(node.field("recorded").span.clone())));
        }
        if spec.in_process.as_ref().is_some_and(|name| name.trim().is_empty()) {
            let empty = self.at("empty-text", "`in_process` names no closure", node.field("in_process"));
            self.out.push(empty.help("write the name it is registered under: `.in_process(\"name\", …)`"));
        }
    }
}
