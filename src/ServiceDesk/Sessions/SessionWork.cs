using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>What work on a session reads and writes, within its one transaction. Everything that happens goes through <see cref="Write"/>.</summary>
internal static class SessionWork
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json<T>(T data) => JsonSerializer.Serialize(data, Web);

    public static async Task<SessionRow?> SessionAsync(this DeskWork work, string tenant, string ticket, int number, CancellationToken ct) =>
        await work.Db.Sessions.FindAsync([ticket, number], ct) is { } row && row.Tenant == tenant ? row : null;

    /// <summary>The next entry of the transcript.</summary>
    /// <param name="text">Without names of persons.</param>
    public static SessionEntryRow Write(this DeskWork work, SessionRow session, string kind, string actor, LocalizedText text, string? data = null)
    {
        var row = new SessionEntryRow { Ticket = session.Ticket, Session = session.Number, Number = ++session.Entries, At = work.Now, Kind = kind, Actor = actor, Text = text, Data = data, Hash = "" };
        row.Hash = session.Head = Transcript.HashOf(session.Head, session.Ticket, session.Number, row.ToEntry());
        session.Version++;
        work.Db.SessionEntries.Add(row);
        return row;
    }

    public static void Open(this DeskWork work, TicketRow ticket, SessionRow session, Consent consent, string actor)
    {
        (session.State, session.Consent, session.LapsesAt) = (SessionState.Open, consent, null);
        (session.OpenedAt, session.EndsAt) = (work.Now, work.Now + TimeSpan.FromMinutes(session.Minutes));
        session.DueAt = session.EndsAt;
        work.Write(session, Transcript.Consented, actor, SessionTexts.Consented(consent), Json(consent));
        work.Note(ticket, "session-opened", $"remote session {session.Number} is open for {session.Minutes} minutes ({consent.How})", $"远程会话 {session.Number} 已开启，时长 {session.Minutes} 分钟", actor);
    }

    /// <summary>What still waits for its device is looked at now, and recalled.</summary>
    public static async Task EndAsync(this DeskWork work, TicketRow ticket, SessionRow session, SessionEnding ending, string actor, CancellationToken ct)
    {
        var opened = session.OpenedAt is not null;
        (session.State, session.Ending, session.LapsesAt, session.EndedAt, session.EndedBy, session.DueAt) = (SessionState.Ended, ending, null, work.Now, actor, null);
        var text = SessionTexts.Ended(ending, opened);
        work.Write(session, ending switch { SessionEnding.Withdrawn => Transcript.Withdrawn, SessionEnding.Declined => Transcript.Declined, _ => Transcript.Ended }, actor, text);
        work.Note(ticket, opened ? "session-ended" : "session-not-opened", $"remote session {session.Number}: {text.En}", $"远程会话 {session.Number}：{text.ZhCn}", actor);
        work.Record(EventKind.RemoteSession, $"{session.Number}", ticket, opened ? (work.Now - session.OpenedAt!.Value).TotalMinutes : 0, session.Head, session.AskedBy);
        foreach (var waiting in await work.Db.SessionCommands.Where(c => c.Ticket == session.Ticket && c.Session == session.Number && c.DueAt != null).ToListAsync(ct))
        {
            waiting.DueAt = work.Now;
            waiting.Version++;
        }
    }

    /// <summary>Whether the transcript is the one that was written, and the session still what it tells.</summary>
    public static bool IsIntact(SessionRow session, IReadOnlyList<SessionEntry> entries) =>
        Transcript.IsIntact(session.Ticket, session.Number, entries, session.Entries, session.Head)
        && entries.FirstOrDefault(e => e.Kind == Transcript.Asked)?.DataJson == Json(session.Terms)
        && entries.FirstOrDefault(e => e.Kind == Transcript.Consented)?.DataJson == (session.Consent is null ? null : Json(session.Consent));

    public static async Task<IReadOnlyList<SessionEntry>> EntriesAsync(DeskContext db, SessionRow session, CancellationToken ct) =>
        (await db.SessionEntries.Where(e => e.Ticket == session.Ticket && e.Session == session.Number).OrderBy(e => e.Number).ToListAsync(ct)).ConvertAll(e => e.ToEntry());

    public static async Task<IReadOnlyList<RemoteSession>> SessionsAsync(DeskContext db, string ticket, CancellationToken ct)
    {
        var links = (await db.SessionLinks.Where(l => l.Ticket == ticket).ToListAsync(ct)).ToLookup(l => l.Session);
        return (await db.Sessions.Where(s => s.Ticket == ticket).OrderByDescending(s => s.Number).ToListAsync(ct)).ConvertAll(s => s.ToSession(links[s.Number]));
    }
}

/// <summary>The steps in plain words. The customer and guests read them: no names of persons.</summary>
internal static class SessionTexts
{
    public static LocalizedText Asked(SessionRequest request) =>
        new($"Remote access was asked for: {request.Reason}", $"请求远程接入：{request.Reason}");

    public static LocalizedText Consented(Consent consent) => consent.How switch
    {
        Consent.StatusPage => new("Allowed on the status page; the session is open", "已在状态页面同意，会话开启"),
        "phone" => new("Allowed by phone; the session is open", "已通过电话同意，会话开启"),
        "mail" => new("Allowed by mail; the session is open", "已通过邮件同意，会话开启"),
        "on-site" => new("Allowed on site; the session is open", "已在现场同意，会话开启"),
        Consent.Contract => new("Allowed beforehand by contract; the session is open", "合同已预先同意，会话开启"),
        _ => new("No consent is needed for this class; the session is open", "此风险级别无需同意，会话开启"),
    };

    public static LocalizedText Ended(SessionEnding ending, bool opened) => ending switch
    {
        SessionEnding.Finished => opened ? new("Ended by the service", "服务方已结束会话") : new("Taken back by the service before it was answered", "服务方在答复前已撤回请求"),
        SessionEnding.Expired => new("Ended: its time is over", "会话时间已到，自动结束"),
        SessionEnding.Withdrawn => new("Ended by the customer", "客户已结束会话"),
        SessionEnding.Declined => new("Not allowed by the customer", "客户未同意"),
        SessionEnding.Lapsed => new("Nobody answered in time; it was not opened", "逾期未答复，未开启"),
        _ => new("Ended: the repair is over", "维修已结束，会话随之结束"),
    };

    public static LocalizedText Command(string name, CommandRisk risk) => new($"Command {name} ({risk})", $"下发指令 {name}（{risk}）");

    public static LocalizedText Result(string name, string state, string? detail)
    {
        var (en, zh) = state switch
        {
            "succeeded" => ("done", "成功"),
            "failed" => ("failed", "失败"),
            "rejected" => ("refused by the device", "被设备拒绝"),
            "expired" => ("not carried out in time", "逾期未执行"),
            _ => ("not sent", "未下发"),
        };
        return new($"{name}: {en}{(detail is null ? "" : $" – {detail}")}", $"{name}：{zh}{(detail is null ? "" : $" – {detail}")}");
    }

    public static readonly LocalizedText Link = new("A guest was given a view of this session", "已向一位访客提供本会话的查看权限");
    public static readonly LocalizedText Revoked = new("A guest's view was taken back", "已收回一位访客的查看权限");
    public static readonly LocalizedText Guest = new("A guest has opened their view", "一位访客已打开查看页面");
}
