//! A notification server: `org.freedesktop.Notifications` on a bus, recording what it is told.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use tokio::task::AbortHandle;
use zbus::message::Type;
use zbus::names::MemberName;
use zbus::{Connection, Message, MessageStream, OwnedVariant};

const NAME: &str = "org.freedesktop.Notifications";
const OBJECT: &str = "/org/freedesktop/Notifications";

/// One `Notify` call as it arrived.
#[derive(Debug)]
pub(crate) struct Told {
    /// The caller's unique name.
    pub(crate) sender: String,
    pub(crate) app: String,
    pub(crate) replaces: u32,
    pub(crate) summary: String,
    pub(crate) body: String,
    pub(crate) actions: Vec<String>,
    pub(crate) hints: HashMap<String, OwnedVariant>,
}

/// How the server treats its callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Answers.
    Willing = 0,
    /// Never answers.
    Hung = 1,
    /// Answers with an error.
    Refusing = 2,
    /// Reports the notification closed, then answers with its id.
    ClosingEarly = 3,
}

/// The server; gone from the bus when dropped.
pub(crate) struct Server {
    connection: Connection,
    desk: Arc<Desk>,
    task: AbortHandle,
}

struct Desk {
    capabilities: Vec<&'static str>,
    mood: AtomicU8,
    last: Mutex<u32>,
    told: Mutex<Vec<Told>>,
    /// How often its capabilities were asked.
    asked: Mutex<u32>,
}

impl Server {
    /// A server with `capabilities` whose first notification gets the id `first`.
    pub(crate) async fn start(address: &str, capabilities: &[&'static str], first: u32) -> Self {
        let server = Self::start_nameless(address, capabilities, first).await;
        server.connection.request_name(NAME).await.expect("the name is free");
        server
    }

    /// The same without the well-known name: a stranger on the bus that says the same things.
    pub(crate) async fn start_nameless(address: &str, capabilities: &[&'static str], first: u32) -> Self {
        let connection =
            zbus::connection::Builder::address(address).build().await.expect("the server reaches the bus");
        let desk = Arc::new(Desk {
            capabilities: capabilities.to_vec(),
            mood: AtomicU8::new(Mood::Willing as u8),
            last: Mutex::new(first - 1),
            told: Mutex::default(),
            asked: Mutex::default(),
        });
        let calls = MessageStream::from(&connection);
        let task = tokio::spawn(serve(connection.clone(), calls, Arc::clone(&desk))).abort_handle();
        Self { connection, desk, task }
    }

    /// From now on.
    pub(crate) fn mood(&self, mood: Mood) {
        self.desk.mood.store(mood as u8, Ordering::SeqCst);
    }

    /// What was told since this was last asked.
    pub(crate) fn told(&self) -> Vec<Told> {
        std::mem::take(&mut self.desk.told.lock().unwrap())
    }

    /// How often its capabilities were asked.
    pub(crate) fn asked(&self) -> u32 {
        *self.desk.asked.lock().unwrap()
    }

    /// The person dismisses a notification.
    pub(crate) async fn dismiss(&self, id: u32) {
        self.signal("NotificationClosed", &(id, 2_u32)).await;
    }

    /// The person invokes an action.
    pub(crate) async fn invoke(&self, id: u32, action: &str) {
        self.signal("ActionInvoked", &(id, action)).await;
    }

    /// Resolves when the connection called `name` has left the bus.
    pub(crate) async fn departure(&self, name: &str) -> impl Future<Output = ()> + use<> {
        let rule = zbus::MatchRule::builder()
            .msg_type(Type::Signal)
            .sender("org.freedesktop.DBus")
            .member("NameOwnerChanged")
            .arg(0, name)
            .build()
            .expect("a rule");
        let mut changes =
            MessageStream::for_match_rule(rule, &self.connection, None).await.expect("the rule is taken");
        async move {
            changes.next().await.expect("the bus goes on").expect("a signal");
        }
    }

    /// Leaves the bus, as a crash would.
    pub(crate) async fn quit(self) {
        self.connection.clone().close().await.expect("the connection closes");
    }

    /// Emits a signal, and returns when the bus has passed it on.
    async fn signal<B: serde::Serialize + zbus::DynamicType>(&self, member: &str, body: &B) {
        self.connection
            .emit_signal(None::<&str>, OBJECT, NAME, member, body)
            .await
            .expect("the signal leaves");
        let bus = "org.freedesktop.DBus";
        self.connection
            .call_method(Some(bus), "/org/freedesktop/DBus", Some(bus), "GetId", &())
            .await
            .expect("the bus answers");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(connection: Connection, mut calls: MessageStream, desk: Arc<Desk>) {
    while let Some(Ok(call)) = calls.next().await {
        if call.message_type() == Type::MethodCall && desk.mood.load(Ordering::SeqCst) != Mood::Hung as u8 {
            // A caller that gave up meanwhile is no trouble of the server's.
            let _ = answer(&connection, &call, &desk).await;
        }
    }
}

async fn answer(connection: &Connection, call: &Message, desk: &Desk) -> zbus::Result<()> {
    let header = call.header();
    match header.member().map(MemberName::as_str) {
        Some("GetCapabilities") => {
            *desk.asked.lock().unwrap() += 1;
            connection.reply(&header, &desk.capabilities).await
        }
        Some("Notify") if desk.mood.load(Ordering::SeqCst) == Mood::Refusing as u8 => {
            connection
                .reply_error(&header, "org.freedesktop.Notifications.Error.Excess", &"too many\n<0>at once")
                .await
        }
        Some("Notify") => {
            type Arguments =
                (String, u32, String, String, String, Vec<String>, HashMap<String, OwnedVariant>, i32);
            let body = call.body();
            let (app, replaces, _icon, summary, body, actions, hints, _expiry): Arguments =
                body.deserialize()?;
            let sender = header.sender().map(ToString::to_string).unwrap_or_default();
            let id = if replaces == 0 {
                let mut last = desk.last.lock().unwrap();
                *last += 1;
                *last
            } else {
                replaces
            };
            desk.told.lock().unwrap().push(Told { sender, app, replaces, summary, body, actions, hints });
            if desk.mood.load(Ordering::SeqCst) == Mood::ClosingEarly as u8 {
                connection
                    .emit_signal(None::<&str>, OBJECT, NAME, "NotificationClosed", &(id, 1_u32))
                    .await?;
            }
            connection.reply(&header, &id).await
        }
        _ => {
            connection
                .reply_error(&header, "org.freedesktop.DBus.Error.UnknownMethod", &"no such method")
                .await
        }
    }
}
