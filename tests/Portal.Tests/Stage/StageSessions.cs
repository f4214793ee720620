using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Sessions;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

internal static class StageSessionsRegistration
{
    public static void AddStageSessions(this IServiceCollection services) => services.AddSingleton<StageSessions>().AddSingleton<ISessions>(s => s.GetRequiredService<StageSessions>()).AddSingleton<ISessionDoor>(s => s.GetRequiredService<StageSessions>());
}

/// <summary>T-1042 has an open session in which something was done, one that waits, and one that is over. Nothing can be changed: the whole life of a session is tried on a real platform.</summary>
internal sealed class StageSessions(TimeProvider clock) : ISessions, ISessionDoor
{
    public const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Ticket = "T-1042";
    private static readonly Refusal Closed = Refusal.Because("the stage has no hands");

    private DateTimeOffset Ago(int minutes) => clock.GetUtcNow().AddMinutes(-minutes);

    private IReadOnlyList<RemoteSession> All =>
    [
        new(Ticket, 3, "pump-004", SessionState.Asked, null, "To restart the controller", CommandRisk.R2, ["reboot"], 30, "li", Ago(3), Ago(-1400), null, null, null, null, null, []),
        new(Ticket, 2, "pump-004", SessionState.Open, null, "To see why the pump is loud", CommandRisk.R1, null, 60, "wang", Ago(30), null, new Consent("customer", Consent.StatusPage, Ago(20), null), Ago(20), Ago(-40), null, null,
            [new(1, "Bearing works", "wang", Ago(9), Ago(8), null), new(2, "Old colleague", "wang", Ago(9), null, Ago(7))]),
        new(Ticket, 1, "pump-004", SessionState.Ended, SessionEnding.Declined, "To look", CommandRisk.R0, null, 60, "li", Ago(300), null, null, null, null, Ago(290), "customer", []),
    ];

    private IReadOnlyList<SessionEntry> Of(int session) => session switch
    {
        1 => [Entry(1, 300, "asked", "li", "Remote access was asked for: To look", "请求远程接入：To look"), Entry(2, 290, "declined", "customer", "Not allowed by the customer", "客户未同意")],
        2 =>
        [
            Entry(1, 30, "asked", "wang", "Remote access was asked for: To see why the pump is loud", "请求远程接入：查看水泵噪声"), Entry(2, 20, "consented", "customer", "Allowed on the status page; the session is open", "已在状态页面同意，会话开启"),
            Entry(3, 15, "command", "wang", "Command self-test (R0)", "下发指令 self-test（R0）"), Entry(4, 15, "result", "device:pump-004", "self-test: done – all sensors answer", "self-test：成功 – all sensors answer"),
            Entry(5, 9, "link", "wang", "A guest was given a view of this session", "已向一位访客提供本会话的查看权限") with { DataJson = """{"number":1,"name":"Bearing works"}""" },
        ],
        _ => [Entry(1, 3, "asked", "li", "Remote access was asked for: To restart the controller", "请求远程接入：重启控制器")],
    };

    private SessionEntry Entry(int number, int ago, string kind, string actor, string en, string zh) => new(number, Ago(ago), kind, actor, new LocalizedText(en, zh), null, new string('0', 64));

    private TrackedSession Tracked(RemoteSession s) => new(
        s.Number, s.State, s.Ending, s.Reason, s.UpTo, s.Commands, s.Minutes, s.AskedAt, s.LapsesAt, s.OpenedAt, s.EndsAt, s.EndedAt, [.. Of(s.Number).Select(e => new TrackedStep(e.Number, e.At, e.Kind, e.Text))]);

    public Task<IReadOnlyList<RemoteSession>> OnAsync(string tenant, string ticket, CancellationToken ct) => Task.FromResult(ticket == Ticket ? All : []);
    public Task<SessionRecord?> FindAsync(string tenant, string ticket, int number, CancellationToken ct) => Task.FromResult<SessionRecord?>(new SessionRecord(All.Single(s => s.Number == number), Of(number), true));
    public Task<IReadOnlyList<TrackedSession>?> TrackAsync(string code, string? serial, CancellationToken ct) => Task.FromResult<IReadOnlyList<TrackedSession>?>(code.EndsWith(Ticket, StringComparison.Ordinal) ? [.. All.Select(Tracked)] : []);
    public Task<GuestView?> VisitAsync(string secret, string? from, CancellationToken ct) =>
        Task.FromResult(secret == Secret ? new GuestView("Bearing works", DeviceKey.DefaultTenant, "pump-004", "pump", ["alm-bearing"], Tracked(All[1])) : null);

    public Task<Refusal?> WhyNotDirectAsync(DeviceKey device, string command, string riskClass, string person, CancellationToken ct) => Task.FromResult<Refusal?>(null);
    public Task<RemotePolicy> PolicyAsync(string tenant, CancellationToken ct) => Task.FromResult(new RemotePolicy());
    public Task<Outcome<RemotePolicy>> SetPolicyAsync(string tenant, RemotePolicy policy, string actor, CancellationToken ct) => Task.FromResult<Outcome<RemotePolicy>>(Closed);
    public Task<Outcome<RemoteSession>> AskAsync(string tenant, string ticket, SessionRequest request, string actor, CancellationToken ct) => Task.FromResult<Outcome<RemoteSession>>(Closed);
    public Task<Outcome<RemoteSession>> ConsentAsync(string tenant, string ticket, int number, string by, string how, string actor, CancellationToken ct) => Task.FromResult<Outcome<RemoteSession>>(Closed);
    public Task<Outcome<RemoteSession>> NoteAsync(string tenant, string ticket, int number, string text, string actor, CancellationToken ct) => Task.FromResult<Outcome<RemoteSession>>(Closed);
    public Task<Outcome<SessionCommand>> SendAsync(string tenant, string ticket, int number, SessionOrder order, string actor, CancellationToken ct) => Task.FromResult<Outcome<SessionCommand>>(Closed);
    public Task<Outcome<RemoteSession>> EndAsync(string tenant, string ticket, int number, string actor, CancellationToken ct) => Task.FromResult<Outcome<RemoteSession>>(Closed);
    public Task<Outcome<GivenLink>> InviteAsync(string tenant, string ticket, int number, string name, string actor, CancellationToken ct) => Task.FromResult<Outcome<GivenLink>>(Closed);
    public Task<Outcome<RemoteSession>> RevokeAsync(string tenant, string ticket, int number, int link, string actor, CancellationToken ct) => Task.FromResult<Outcome<RemoteSession>>(Closed);
    public Task<Outcome<TrackedSession>> ConsentAsync(string code, string? serial, int number, CancellationToken ct) => Task.FromResult<Outcome<TrackedSession>>(Closed);
    public Task<Outcome<TrackedSession>> DeclineAsync(string code, string? serial, int number, CancellationToken ct) => Task.FromResult<Outcome<TrackedSession>>(Closed);
    public Task<Outcome<TrackedSession>> EndAsync(string code, string? serial, int number, CancellationToken ct) => Task.FromResult<Outcome<TrackedSession>>(Closed);
}
