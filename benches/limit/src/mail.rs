//! A mail server that only counts, and a bare pool of connections that pushes prepared mails at it.

use std::{
    cell::RefCell,
    io,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::{SystemTime, UNIX_EPOCH},
};

use lettre::transport::smtp::{
    client::{AsyncSmtpConnection, AsyncTokioStream},
    commands::{Data, Mail, Rcpt},
    extension::ClientId,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::{TcpListener, TcpStream},
};

fn here(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(tokio::task::LocalSet::new().run_until(future));
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64()
}

#[derive(Default)]
struct Counts {
    mails: u64,
    bytes: u64,
    connections: u64,
    first: f64,
    last: f64,
}

/// Takes every mail on `port`. Each connection to `control` is told the counts as JSON; one that sends `r` sets them to zero.
pub fn sink(port: u16, control: u16) {
    here(async move {
        let counts = Rc::new(RefCell::new(Counts::default()));
        let mails = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.expect("a free port");
        let asking = TcpListener::bind((Ipv4Addr::LOCALHOST, control)).await.expect("a free port");
        println!("ready");
        loop {
            tokio::select! {
                Ok((stream, _)) = mails.accept() => {
                    tokio::task::spawn_local(take(stream, Rc::clone(&counts)));
                }
                Ok((mut stream, _)) = asking.accept() => {
                    let mut said = [0];
                    let _ = stream.read(&mut said).await;
                    if said == *b"r" {
                        *counts.borrow_mut() = Counts::default();
                    }
                    let json = {
                        let Counts { mails, bytes, connections, first, last } = &*counts.borrow();
                        format!("{{\"mails\":{mails},\"bytes\":{bytes},\"connections\":{connections},\"first\":{first:.6},\"last\":{last:.6}}}\n")
                    };
                    let _ = stream.write_all(json.as_bytes()).await;
                }
            }
        }
    });
}

const END: &[u8] = b"\r\n.\r\n";

async fn take(mut stream: TcpStream, counts: Rc<RefCell<Counts>>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    {
        let mut counts = counts.borrow_mut();
        counts.connections += 1;
        if counts.first == 0.0 {
            counts.first = now();
        }
    }
    stream.write_all(b"220 sink\r\n").await?;
    let mut held: Vec<u8> = Vec::with_capacity(64 * 1024);
    let mut in_mail = false;
    loop {
        let before = held.len();
        if stream.read_buf(&mut held).await? == 0 {
            return Ok(());
        }
        let mut answer: Vec<u8> = Vec::new();
        let mut searched = before.saturating_sub(END.len());
        loop {
            if in_mail {
                let Some(end) = held[searched..].windows(END.len()).position(|window| window == END) else { break };
                let length = searched + end + END.len();
                let mut counts = counts.borrow_mut();
                counts.mails += 1;
                counts.bytes += length as u64;
                counts.last = now();
                held.drain(..length);
                in_mail = false;
                answer.extend(b"250 taken\r\n");
            } else {
                let Some(end) = held.iter().position(|byte| *byte == b'\n') else { break };
                match held.get(..4) {
                    Some(b"DATA") => {
                        in_mail = true;
                        answer.extend(b"354 go on\r\n");
                    }
                    Some(b"EHLO") => answer.extend(b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"),
                    Some(b"QUIT") => answer.extend(b"221 bye\r\n"),
                    _ => answer.extend(b"250 ok\r\n"),
                }
                held.drain(..=end);
            }
            searched = 0;
        }
        stream.write_all(&answer).await?;
    }
}

/// lettre's own stream sets no `TCP_NODELAY`.
#[derive(Debug)]
struct Stream(TcpStream);

impl AsyncTokioStream for Stream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.peer_addr()
    }
}
impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}
impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// Pushes `mails` prepared mails of `bytes` bytes over `connections` connections, as fast as they go.
pub fn drain(port: u16, connections: usize, mails: usize, bytes: usize) {
    let line = "A line of a letter, as long as such lines tend to be in a mail.\r\n";
    let mut raw = String::from("From: a@acme.test\r\nTo: b@acme.test\r\nSubject: x\r\n\r\n");
    while raw.len() < bytes {
        raw.push_str(&line[..line.len().min(bytes - raw.len()).max(2)]);
    }
    let raw: Rc<[u8]> = raw.into_bytes().into();
    here(async move {
        let left = Rc::new(RefCell::new(mails));
        let pushing: Vec<_> = (0..connections).map(|_| tokio::task::spawn_local(push(port, Rc::clone(&left), Rc::clone(&raw)))).collect();
        for one in pushing {
            one.await.expect("no panic").expect("every mail taken");
        }
    });
}

async fn push(port: u16, left: Rc<RefCell<usize>>, raw: Rc<[u8]>) -> Result<(), Box<dyn std::error::Error>> {
    let tcp = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    tcp.set_nodelay(true)?;
    let mut smtp = AsyncSmtpConnection::connect_with_transport(Box::new(Stream(tcp)), &ClientId::Ipv4(Ipv4Addr::LOCALHOST)).await?;
    let (from, to): (lettre::Address, lettre::Address) = ("no-reply@localhost".parse()?, "somebody@acme.test".parse()?);
    loop {
        {
            let mut left = left.borrow_mut();
            if *left == 0 {
                break;
            }
            *left -= 1;
        }
        smtp.command(Mail::new(Some(from.clone()), Vec::new())).await?;
        smtp.command(Rcpt::new(to.clone(), Vec::new())).await?;
        smtp.command(Data).await?;
        smtp.message(&raw).await?;
    }
    smtp.quit().await?;
    Ok(())
}
