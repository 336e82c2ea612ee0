//! What the server hears and says on one connection.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::{Behaviour, Received, Shared, Stage, Tls};

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// One conversation; `None` once it is over.
pub(super) async fn talk(tcp: TcpStream, shared: Arc<Shared>, kind: Option<Tls>, acceptor: Option<TlsAcceptor>) -> Option<()> {
    let stream: Box<dyn Stream> = match (kind, &acceptor) {
        (Some(Tls::Smtps), Some(acceptor)) => Box::new(acceptor.accept(tcp).await.ok()?),
        _ => Box::new(tcp),
    };
    let mut talk = Talk {
        stream: BufReader::with_capacity(32 * 1024, stream),
        shared,
        secret: kind == Some(Tls::Smtps),
        starttls: kind == Some(Tls::Starttls),
        signed_in: false,
        from: None,
        to: Vec::new(),
        taken: 0,
    };
    let greeting = talk.rule(|rule| match rule {
        Behaviour::GreetWith(line) => Some(line.clone()),
        _ => None,
    });
    talk.say(greeting.as_deref().unwrap_or("220 mailbox.test ESMTP")).await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if talk.stream.read_until(b'\n', &mut line).await.ok()? == 0 {
            return None;
        }
        let command = String::from_utf8_lossy(&line).trim_end().to_owned();
        talk.shared.lock().said.push(command.clone());
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "STARTTLS" if talk.starttls && !talk.secret => {
                let injected = talk.rule(|rule| match rule {
                    Behaviour::InjectAfterStarttls(line) => Some(line.clone()),
                    _ => None,
                });
                let go = injected.map_or("220 go".into(), |line| format!("220 go\r\n{line}"));
                talk.say(&go).await?;
                let acceptor = acceptor.as_ref()?;
                let encrypted = acceptor.accept(talk.stream.into_inner()).await.ok()?;
                talk.stream = BufReader::with_capacity(32 * 1024, Box::new(encrypted));
                talk.secret = true;
            }
            "QUIT" => {
                talk.say("221 bye").await?;
                return None;
            }
            _ => talk.answer(&verb, &command).await?,
        }
    }
}

struct Talk {
    stream: BufReader<Box<dyn Stream>>,
    shared: Arc<Shared>,
    secret: bool,
    starttls: bool,
    signed_in: bool,
    from: Option<String>,
    to: Vec<String>,
    taken: usize,
}

impl Talk {
    fn rule<T>(&self, find: impl FnMut(&Behaviour) -> Option<T>) -> Option<T> {
        self.shared.lock().rules.iter().find_map(find)
    }

    fn refusal(&self, at: Stage, to: &[String]) -> Option<String> {
        self.rule(|rule| match rule {
            Behaviour::RefuseAt { stage, reply, only_to } if *stage == at => {
                let hit = |only: &String| to.iter().any(|to| to.eq_ignore_ascii_case(only));
                only_to.as_ref().is_none_or(hit).then(|| reply.clone())
            }
            _ => None,
        })
    }

    fn expected_login(&self) -> Option<(String, String)> {
        self.rule(|rule| match rule {
            Behaviour::RequireAuth { user, password } => Some((user.clone(), password.clone())),
            _ => None,
        })
    }

    async fn say(&mut self, reply: &str) -> Option<()> {
        let slow = self.rule(|rule| match rule {
            Behaviour::Slow(wait) => Some(*wait),
            _ => None,
        });
        if let Some(wait) = slow {
            tokio::time::sleep(wait).await;
        }
        let hang_up = reply.starts_with("421");
        self.stream.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
        self.stream.flush().await.ok()?;
        (!hang_up).then_some(())
    }

    async fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.ok()?;
        Some(line.trim_end().to_owned())
    }

    async fn answer(&mut self, verb: &str, command: &str) -> Option<()> {
        let ready = (self.secret || !self.starttls) && (self.signed_in || self.expected_login().is_none());
        match verb {
            "EHLO" | "HELO" => match self.refusal(Stage::Ehlo, &[]) {
                Some(reply) => self.say(&reply).await,
                None => {
                    let starttls = if self.starttls && !self.secret { "250-STARTTLS\r\n" } else { "" };
                    let auth = match self.expected_login() {
                        Some(_) if self.secret || !self.starttls => "250-AUTH PLAIN LOGIN\r\n",
                        _ => "",
                    };
                    self.say(&format!("250-mailbox.test\r\n{starttls}{auth}250 8BITMIME")).await
                }
            },
            "AUTH" => self.sign_in(command).await,
            "RSET" => {
                (self.from, self.to) = (None, Vec::new());
                self.say("250 ok").await
            }
            "NOOP" => self.say("250 ok").await,
            "MAIL" | "RCPT" | "DATA" if !ready => self.say("530 5.7.0 sign in first").await,
            "MAIL" if self.from.is_some() => self.say("503 5.5.1 nested MAIL").await,
            "MAIL" => match self.refusal(Stage::Mail, &[]) {
                Some(reply) => self.say(&reply).await,
                None => {
                    self.from = Some(between_brackets(command));
                    self.say("250 ok").await
                }
            },
            "RCPT" if self.from.is_none() => self.say("503 MAIL first").await,
            "RCPT" => {
                let to = between_brackets(command);
                match self.refusal(Stage::Rcpt, std::slice::from_ref(&to)) {
                    Some(reply) => self.say(&reply).await,
                    None => {
                        self.to.push(to);
                        self.say("250 ok").await
                    }
                }
            }
            "DATA" if self.to.is_empty() => self.say("503 RCPT first").await,
            "DATA" => match self.refusal(Stage::Data, &self.to) {
                Some(reply) => self.say(&reply).await,
                None => {
                    self.say("354 go").await?;
                    self.take().await
                }
            },
            _ => self.say("502 what?").await,
        }
    }

    async fn sign_in(&mut self, command: &str) -> Option<()> {
        if let Some(reply) = self.refusal(Stage::Auth, &[]) {
            return self.say(&reply).await;
        }
        let mut words = command.split_whitespace().skip(1);
        let decoded = |text: &str| String::from_utf8(BASE64.decode(text).ok()?).ok();
        let given = match (words.next(), words.next()) {
            (Some("PLAIN"), Some(both)) => {
                let both = decoded(both)?;
                let mut parts = both.split('\0').skip(1).map(str::to_owned);
                parts.next().zip(parts.next())
            }
            (Some("LOGIN"), None) => {
                self.say("334 VXNlcm5hbWU6").await?;
                let user = self.hear().await?;
                self.say("334 UGFzc3dvcmQ6").await?;
                let password = self.hear().await?;
                decoded(&user).zip(decoded(&password))
            }
            _ => None,
        };
        self.signed_in = given.is_some() && given == self.expected_login();
        self.say(if self.signed_in { "235 welcome" } else { "535 5.7.8 wrong user or password" }).await
    }

    async fn take(&mut self) -> Option<()> {
        let mut raw: Vec<u8> = Vec::with_capacity(4096);
        loop {
            let start = raw.len();
            if self.stream.read_until(b'\n', &mut raw).await.ok()? == 0 {
                return None;
            }
            if raw[start..] == *b".\r\n" {
                raw.truncate(start);
                break;
            }
            if raw[start] == b'.' {
                raw.remove(start);
            }
        }
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        if let Some(reply) = self.refusal(Stage::Message, &to) {
            return self.say(&reply).await;
        }
        let ponder = self.rule(|rule| match rule {
            Behaviour::Ponder(wait) => Some(*wait),
            _ => None,
        });
        if let Some(wait) = ponder {
            tokio::time::sleep(wait).await;
        }
        self.taken += 1;
        let raw = String::from_utf8_lossy(&raw).into_owned();
        let cut = {
            let mut state = self.shared.lock();
            state.received.push(Received { from, to, raw });
            let once = state.rules.iter().position(|rule| *rule == Behaviour::CutAfterFinalDotOnce);
            if let Some(once) = once {
                state.rules.remove(once);
            }
            once.is_some() || state.rules.contains(&Behaviour::CutAfterFinalDot)
        };
        self.shared.arrived.notify_all();
        if cut {
            return None;
        }
        self.say("250 2.0.0 taken").await?;
        let most = self.rule(|rule| match rule {
            Behaviour::HangUpAfter(n) => Some(*n),
            _ => None,
        });
        most.is_none_or(|most| self.taken < most).then_some(())
    }
}

fn between_brackets(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(inside, _)| inside.to_owned())
}
