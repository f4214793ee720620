using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>Three recipients and what became of their messages; what is entered stays for as long as the stage stands.</summary>
internal sealed class StageNotifications(TimeProvider clock) : INotifications
{
    private readonly List<Recipient> _recipients =
    [
        Of("acme", "ACME operations", Audience.Customer, Channel.Email, "o…@example.com", null, ["opened", "visit-planned", "resolved"], true, null),
        Of("crm", "Service programs", Audience.Staff, Channel.Webhook, "https://hooks.example.com/…", null, ["opened", "sla-breached", "resolved"], false, "the receiver answered HTTP 410"),
        Of("night-shift", "Night shift", Audience.Staff, Channel.Wecom, "https://qyapi.weixin.qq.com/…", "on-call", ["opened"], true, null),
    ];

    private readonly List<string> _resent = [];

    public IReadOnlyList<string> Resent => _resent;
    public IReadOnlyList<string> Rungs => ["owner", "on-call", "team", "manager", "account-executive"];

    public IReadOnlyDictionary<string, LocalizedText> MilestonesOf(Audience audience) => new Dictionary<string, LocalizedText>
    {
        ["opened"] = new("Ticket opened", "新工单"), ["sla-breached"] = new("Promised time is over", "已超时"), ["visit-planned"] = new("Visit planned", "已安排上门"), ["resolved"] = new("Repaired", "已修复"),
    };

    public Task<IReadOnlyList<Recipient>> RecipientsAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<Recipient>>([.. _recipients]);

    public Task<Outcome<Recipient>> PutAsync(string tenant, string id, RecipientOrder order, string actor, CancellationToken ct)
    {
        if (order.Channel is Channel.Sms && !order.OptedIn) return Task.FromResult<Outcome<Recipient>>(Refusal.Invalid("optedIn: text messages go only to whoever has agreed to them; set it once they have"));
        var saved = Of(id, order.Title, order.Audience, order.Channel, "…", order.Rung, order.Milestones ?? ["opened"], order.Enabled, null);
        _recipients.RemoveAll(r => r.Id == id);
        _recipients.Add(saved);
        return Task.FromResult<Outcome<Recipient>>(saved);
    }

    public Task<Outcome<Recipient>> RemoveAsync(string tenant, string id, string actor, CancellationToken ct)
    {
        var gone = _recipients.Single(r => r.Id == id);
        _recipients.Remove(gone);
        return Task.FromResult<Outcome<Recipient>>(gone);
    }

    public Task<Outcome<TestDelivery>> TestAsync(string tenant, string id, string actor, CancellationToken ct) =>
        Task.FromResult<Outcome<TestDelivery>>(id == "crm" ? new TestDelivery(false, "HTTP 410") : new TestDelivery(true, "HTTP 200"));

    public Task<IReadOnlyList<Delivery>> OutboxAsync(OutboxFilter filter, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        Delivery[] all =
        [
            new(3, "msg_3", "T-1042", "sla-breached", 1, new("Promised time is over", "已超时"), "night-shift", Channel.Wecom, DeliveryState.Pending, now.AddMinutes(-6), now.AddMinutes(24), 3, null, "HTTP 503", null),
            new(2, "msg_2", "T-1042", "opened", 1, new("Ticket opened", "新工单"), "crm", Channel.Webhook, DeliveryState.Failed, now.AddHours(-30), null, 10, null, "no answer within 20 s", null),
            new(1, "msg_1", "T-1042", "opened", 1, new("Fault noticed", "发现故障"), "acme", Channel.Email, DeliveryState.Sent, now.AddHours(-30), null, 1, now.AddHours(-30), "taken by the mail server", null),
        ];
        return Task.FromResult<IReadOnlyList<Delivery>>([.. all.Where(d => filter.State is null || d.State == filter.State)]);
    }

    public async Task<Outcome<Delivery>> ResendAsync(string tenant, string id, string actor, CancellationToken ct)
    {
        _resent.Add(id);
        return (await OutboxAsync(new OutboxFilter(tenant), ct)).Single(d => d.Id == id);
    }

    private static Recipient Of(string id, string title, Audience audience, Channel channel, string address, string? rung, IReadOnlyList<string> milestones, bool enabled, string? why) => new(
        "default", id, title, audience, null, channel, address, 0, "en", "Asia/Shanghai", new TimeOnly(22, 0), new TimeOnly(7, 0), milestones, Priority.P4, [], rung, false, enabled, why);
}
