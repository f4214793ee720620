using Seamless.Rules.Alarms;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Labels;

/// <summary>Pumps whose bearings were hot once; the alarm of each has cleared.</summary>
internal static class HotPumps
{
    public const string Tenant = DeviceKey.DefaultTenant;

    /// <summary>The alarm of a pump of that name, at a site of its own, whose bearing was as hot as that at most.</summary>
    public static async Task<Alarm> AddAsync(RulesRoom room, string device, double peak)
    {
        room.Registry.Put(device, "pump", $"site-of-{device}");
        foreach (var second in (int[])[0, 10, 20, 30]) await room.SendAsync(device, second, ("bearingTemperature", 90.5));
        await room.SendAsync(device, 40, ("bearingTemperature", peak));
        foreach (var second in (int[])[300, 400, 500]) await room.SendAsync(device, second, ("bearingTemperature", 50));
        return Assert.Single(await room.AllAsync(), alarm => alarm.Device == device);
    }

    public static async Task CloseAsync(RulesRoom room, Alarm alarm, string verdict, string? note = null)
    {
        await room.Alarms.AcknowledgeAsync(Tenant, alarm.Id, "lee", null, default);
        var closed = await room.Alarms.CloseAsync(Tenant, alarm.Id, "lee", verdict, note, default);
        Assert.True(closed.Succeeded, closed.Refusal?.Reason);
    }
}
