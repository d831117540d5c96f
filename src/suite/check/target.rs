//! Checks of `[target]`: one way to reach the application, and nothing that this way would ignore.

use super::Checker;
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::document::{Data, Node};
use crate::suite::schema::{CommandFormat, ReplySpec, TargetSpec};

/// The ways to reach an application, each with the keys that go with it.
const WAYS: [(&str, &[&str]); 5] = [
    ("http", &["method", "headers", "body", "form", "raw", "reply", "serve"]),
    ("chat", &["headers", "reply", "model", "system", "api_key", "temperature", "max_tokens", "stream", "serve"]),
    ("command", &["body", "format", "env", "reply"]),
    ("recorded", &[]),
    ("in_process", &[]),
];

/// Keys that go with every way.
const ALWAYS: &[&str] = &["max_answer"];

impl Checker<'_> {
    pub(super) fn target(&mut self) {
        let Some(node) = self.root.get("target") else { return };
        let ways: Vec<_> = WAYS.iter().filter(|(way, _)| node.mentions(way)).collect();
        match ways.as_slice() {
            [] => {
                // A key that was taken out may have been the way.
                if !node.is_damaged() {
                    let none = self.at("no-target", "`[target]` does not say how the application is reached", node);
                    self.out.push(none.help("give one of `http`, `chat`, `command`, `recorded` or `in_process`"));
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
                let none = self.at("empty-command", "this command names no program", node);
                self.out.push(none.help("write the program and its arguments: `[\"python3\", \"app.py\"]`"));
            }
        }
        if spec.format == Some(CommandFormat::Text) && spec.reply != ReplySpec::default() {
            let what = "`reply` points into JSON, and this command answers with plain text";
            let ignored = self.at_key("misplaced-key", what, node.field("reply"));
            self.out.push(ignored.help("leave `reply` out, or write `format = \"json\"`"));
        }
        if let Some(recorded) = &spec.recorded {
            if let Err(mistake) = self.files.exists(recorded) {
                self.file_mistake(mistake, node.field("recorded"));
            }
        }
        if spec.in_process.as_ref().is_some_and(|name| name.trim().is_empty()) {
            let empty = self.at("empty-text", "`in_process` names no closure", node.field("in_process"));
            self.out.push(empty.help("write the name it is registered under: `.in_process(\"name\", …)`"));
        }
    }
}
