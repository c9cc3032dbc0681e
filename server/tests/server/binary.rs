//! The program itself: its commands, its log, and how it stops.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_haidang-server"))
}

/// The server as a process of its own.
struct Running {
    process: Child,
    /// What it says, line by line.
    log: Box<dyn Iterator<Item = String>>,
    address: String,
    _data: TempDir,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let data = TempDir::new().unwrap();
        let mut process = program()
            .args(["--listen", "127.0.0.1:0", "--log-json"])
            .args(arguments)
            .arg("--data")
            .arg(data.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stdout.take().unwrap()).lines().map(|line| {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            line["fields"]["message"].as_str().unwrap_or_default().to_owned()
        });
        let url = log.find(|message| message.starts_with("http://")).unwrap();
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { process, log: Box::new(log), address, _data: data }
    }

    fn tell_to_stop(&self) {
        let id = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
    }

    fn stop(&mut self) {
        self.tell_to_stop();
        self.ended();
    }

    /// Waits until it has ended, well; meanwhile does something again and again.
    fn ended_while(&mut self, mut again: impl FnMut(&Self)) {
        for _ in 0..1200 {
            if let Some(status) = self.process.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            again(self);
            sleep(Duration::from_millis(50));
        }
        self.process.kill().and_then(|()| self.process.wait()).unwrap();
        panic!("it has not ended in a minute");
    }

    fn ended(&mut self) {
        self.ended_while(|_| {});
    }

    /// A connection over which half a request has come.
    fn half_asked(&self) -> TcpStream {
        // Connections are taken in the order in which they were made.
        let mut connection = TcpStream::connect(&self.address).unwrap();
        connection.write_all(b"GET / HTTP/1.1\r\nHost: portal\r\n").unwrap();
        let mut other = TcpStream::connect(&self.address).unwrap();
        other.write_all(HEALTHY).unwrap();
        other.read_to_string(&mut String::new()).unwrap();
        connection
    }
}

const HEALTHY: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\r\n";

#[test]
fn it_serves_until_told_to_stop_and_says_where_in_its_log() {
    let mut server = Running::start(&[]);
    let mut connection = TcpStream::connect(&server.address).unwrap();
    connection.write_all(HEALTHY).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nok\n"),
        "{answer}"
    );
    server.stop();
    assert!(server.log.any(|message| message.starts_with("stopping")));
}

#[test]
fn who_never_ends_a_request_does_not_keep_it() {
    let mut server = Running::start(&[]);
    let _open = server.half_asked();
    server.stop();
    assert!(server.log.any(|message| message.starts_with("stopped: what has not ended")));
}

#[test]
fn told_a_second_time_it_stops_at_once() {
    let mut server = Running::start(&[]);
    let _open = server.half_asked();
    server.ended_while(Running::tell_to_stop);
    assert!(server.log.any(|message| message.starts_with("stopped: told again")));
}

#[test]
fn who_follows_a_thread_is_let_go_when_it_stops() {
    let mut server = Running::start(&["--timeout", "120"]);
    let mut stream = TcpStream::connect(&server.address).unwrap();
    // Closed after whatever else is answered: then there are no more lines to wait for.
    stream
        .write_all(
            b"GET /api/v1/articles/bao-so-9/comments/live?after=9 HTTP/1.1\r\nHost: portal\r\n\
              Connection: close\r\n\r\n",
        )
        .unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    assert!(lines.any(|line| line == "event: reset"));
    server.stop();
    assert_eq!(lines.last().as_deref(), Some(""), "it ends as a whole");
}

#[test]
fn it_adds_comments_to_an_article() {
    let data = TempDir::new().unwrap();
    let seed = |article: &str| {
        let output = program()
            .args(["seed", "--comments", "7", "--article", article, "--data"])
            .arg(data.path())
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    assert_eq!(seed("banh-da-cua.en"), (true, "7 comments more under banh-da-cua\n".to_owned()));
    assert!(seed("banh-da-cua").0, "a second time too");
    assert!(!seed("nope").0);
}

#[test]
fn it_prints_the_policy_of_a_site() {
    let site = TempDir::new().unwrap();
    let csp = || program().arg("csp").arg("--site").arg(site.path()).output().unwrap();
    assert!(!csp().status.success(), "there is no index.html");
    std::fs::write(site.path().join("index.html"), "<script>alert(1)</script>").unwrap();
    let portal = include_str!("../../../public/portal.json");
    std::fs::write(site.path().join("portal.json"), portal).unwrap();
    let printed = String::from_utf8(csp().stdout).unwrap();
    assert!(printed.starts_with("default-src 'self'; "), "{printed}");
    assert!(printed.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{printed}");
}
