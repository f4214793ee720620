using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.ServiceDesk.Notifications;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

internal static class StageTipsRegistration
{
    public static void AddStageTips(this IServiceCollection services) => services
        .AddSingleton<StageTips>().AddSingleton<ITips>(s => s.GetRequiredService<StageTips>()).AddSingleton<StageTipDoor>().AddSingleton<ITipDoor>(s => s.GetRequiredService<StageTipDoor>());
}

/// <summary>A running campaign and a draft; what is changed stays for as long as the stage stands.</summary>
internal sealed class StageTips(TimeProvider clock) : ITips
{
    private readonly Dictionary<string, TipCampaign> _campaigns = new[] { Of("pump-vibration", TipState.Running, clock.GetUtcNow().AddDays(2)), Of("winter", TipState.Draft, null) }.ToDictionary(c => c.Id);
    private readonly List<TipOptOut> _optOuts = [new("acme", clock.GetUtcNow().AddDays(-3), "recipient", "pump-vibration")];

    public IReadOnlyDictionary<string, TipCampaign> Campaigns => _campaigns;

    private static TipCampaign Of(string id, TipState state, DateTimeOffset? next) => new(
        DeviceKey.DefaultTenant, id, new("Pumps that vibrate", "振动偏大的水泵"), new("Your pump vibrates more than usual", "您的水泵振动偏大"), new("Look at the coupling and tighten the feet.", "请检查联轴器并紧固地脚螺栓。"),
        new TipScope(["pump"], ["CR-95"]), [new TipCondition(TipTest.Metric, TipSide.Above, 2.5, "vibration"), new TipCondition(TipTest.Age, TipSide.Above, 365)], DayOfWeek.Tuesday, new TimeOnly(9, 0),
        new DateOnly(2026, 1, 1), null, 90, state, next, 1);

    public Task<IReadOnlyList<TipCampaign>> ListAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<TipCampaign>>([.. _campaigns.Values]);
    public Task<TipCampaign?> FindAsync(string tenant, string id, CancellationToken ct) => Task.FromResult(_campaigns.GetValueOrDefault(id));

    public Task<Outcome<TipCampaign>> PutAsync(string tenant, string id, TipCampaignOrder order, string actor, CancellationToken ct)
    {
        if (order.Conditions?.Any(c => c is { Test: TipTest.Metric, Metric: null }) is true) return Task.FromResult<Outcome<TipCampaign>>(Refusal.Invalid("tip-metric", "conditions: name the 'metric'"));
        _campaigns[id] = new TipCampaign(tenant, id, order.Title, order.Subject, order.Body, order.Scope!, order.Conditions!, order.Day, order.At!.Value, order.From ?? default, order.Until, order.RepeatDays, TipState.Draft, null, 1);
        return Task.FromResult<Outcome<TipCampaign>>(_campaigns[id]);
    }

    public Task<Outcome<TipCampaign>> StartAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(id, TipState.Running);
    public Task<Outcome<TipCampaign>> PauseAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(id, TipState.Paused);
    public Task<Outcome<TipCampaign>> EndAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(id, TipState.Ended);

    public Task<Outcome<TipPreview>> PreviewAsync(string tenant, string id, CancellationToken ct) => Task.FromResult<Outcome<TipPreview>>(new TipPreview(
        3, new Dictionary<TipFate, int> { [TipFate.Now] = 1, [TipFate.Unsubscribed] = 1, [TipFate.NotRelevant] = 1 },
        [
            new("pump-004", "rotterdam", "Delta Tank", "delta", TipFate.Now, new("vibration, mean of 7 days: 3.4, above 2.5", "vibration 7 天平均值：3.4，高于 2.5"), clock.GetUtcNow()),
            new("pump-007", "rotterdam", "Delta Tank", "acme", TipFate.Unsubscribed, new("wants no tips", "已退订提示"), null),
            new("pump-019", "suzhou", "Bohai", null, TipFate.NotRelevant, new("vibration, mean of 7 days: 1.2, not above 2.5", "vibration 7 天平均值：1.2，不高于 2.5"), null),
        ], false));

    public Task<IReadOnlyList<TipDelivery>> DeliveriesAsync(string tenant, string id, CancellationToken ct) => Task.FromResult<IReadOnlyList<TipDelivery>>(id == "winter" ? [] :
    [
        new("msg_1", "pump-004", "rotterdam", "delta", 202647, clock.GetUtcNow().AddDays(-5), DeliveryState.Sent, null, clock.GetUtcNow().AddDays(-5), "taken by the mail server"),
    ]);

    public Task<IReadOnlyDictionary<string, TipFigures>> FiguresAsync(string tenant, CancellationToken ct) =>
        Task.FromResult<IReadOnlyDictionary<string, TipFigures>>(new Dictionary<string, TipFigures> { ["pump-vibration"] = new(14, 12, 0, 2, 1) });

    public Task<TipPolicy> PolicyAsync(string tenant, CancellationToken ct) => Task.FromResult(new TipPolicy());
    public Task<Outcome<TipPolicy>> SetPolicyAsync(string tenant, TipPolicy policy, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<TipOptOut>> OptOutsAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<TipOptOut>>([.. _optOuts]);

    public Task<Outcome<Recipient>> SetOptOutAsync(string tenant, string recipient, bool optedOut, string actor, CancellationToken ct)
    {
        _optOuts.RemoveAll(o => o.Recipient == recipient);
        if (optedOut) _optOuts.Add(new TipOptOut(recipient, clock.GetUtcNow(), actor, null));
        return Task.FromResult<Outcome<Recipient>>(new Recipient(tenant, recipient, recipient, Audience.Customer, "acme", Channel.Email, "…", 0, "en", "UTC", null, null, [], Seamless.ServiceDesk.Tickets.Priority.P4, [], null, false, true, null));
    }

    private Task<Outcome<TipCampaign>> MoveAsync(string id, TipState state)
    {
        _campaigns[id] = _campaigns[id] with { State = state, NextAt = state is TipState.Running ? clock.GetUtcNow().AddDays(2) : null };
        return Task.FromResult<Outcome<TipCampaign>>(_campaigns[id]);
    }
}

/// <summary>Links are tokens that begin with <c>ours</c>.</summary>
internal sealed class StageTipDoor(TimeProvider clock) : ITipDoor
{
    private readonly Dictionary<string, DateTimeOffset> _left = [];

    public IReadOnlyCollection<string> Left => _left.Keys;

    public Task<TipSubscription?> LookAsync(string token, CancellationToken ct) =>
        Task.FromResult(token.StartsWith("ours", StringComparison.Ordinal) ? new TipSubscription("ACME operations", "o…@example.com", Channel.Email, _left.TryGetValue(token, out var at) ? at : null) : null);

    public async Task<Outcome<TipSubscription>> UnsubscribeAsync(string token, CancellationToken ct)
    {
        if (await LookAsync(token, ct) is null) return ITipDoor.Unknown;
        _left.TryAdd(token, clock.GetUtcNow());
        return (await LookAsync(token, ct))!;
    }

    public async Task<Outcome<TipSubscription>> SubscribeAsync(string token, CancellationToken ct)
    {
        if (await LookAsync(token, ct) is null) return ITipDoor.Unknown;
        _left.Remove(token);
        return (await LookAsync(token, ct))!;
    }
}
