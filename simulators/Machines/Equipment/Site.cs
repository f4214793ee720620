using Seamless.Machines.Chance;
using Seamless.Machines.Faults;

namespace Seamless.Machines.Equipment;

/// <summary>What all machines of a site share: mains, weather, machine room, network, and the working day.</summary>
/// <remarks>A pure function of time and of the site's faults.</remarks>
public sealed class Site(string id, double longitude, Seed seed)
{
    private const long HourMs = 3_600_000;
    private readonly Seed _mains = seed.Split("mains");
    private readonly Seed _weather = seed.Split("weather");
    private readonly Seed _room = seed.Split("room");
    private readonly Seed _network = seed.Split("network");
    private volatile Fault[] _faults = [];

    public string Id => id;

    public void Strike(Fault fault) => _faults = [.. _faults, fault];

    /// <summary>Mains voltage as a share of nominal: 0.99–1.01, about 0.82 in a brown-out.</summary>
    public double MainsFactor(DateTimeOffset at) =>
        1 + 0.008 * Noise.Wander(_mains, at.ToUnixTimeMilliseconds(), HourMs / 4) - 0.18 * Severity("supply-undervoltage", at);

    /// <summary>°C outdoors: by day and night, with weather.</summary>
    public double Ambient(DateTimeOffset at) =>
        17 + 4 * Math.Sin((SolarHour(at) - 9) / 24 * 2 * Math.PI) + 3 * Noise.Wander(_weather, at.ToUnixTimeMilliseconds(), 18 * HourMs);

    /// <summary>°C at the inlet of a server: held by the cooling, until it fails.</summary>
    public double Inlet(DateTimeOffset at) =>
        22 + 0.8 * Noise.Wander(_room, at.ToUnixTimeMilliseconds(), HourMs) + 19 * Severity("cooling-failure", at);

    /// <summary>Packet loss in %.</summary>
    public double NetworkLoss(DateTimeOffset at) =>
        Math.Max(0, 0.08 + 0.06 * Noise.Wander(_network, at.ToUnixTimeMilliseconds(), HourMs / 6)) + 17 * Severity("network-loss", at);

    /// <summary>0..1: how busy people are, by solar hour and weekday.</summary>
    public double Activity(DateTimeOffset at)
    {
        var day = Math.Exp(-Math.Pow((SolarHour(at) - 13.5) / 4.5, 2));
        var weekend = (at.AddHours(longitude / 15)).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        return weekend ? day * 0.45 : day;
    }

    private double SolarHour(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / (double)HourMs + longitude / 15) % 24;

    private double Severity(string code, DateTimeOffset at)
    {
        var worst = 0.0;
        foreach (var fault in _faults)
        {
            if (fault.Kind.Code == code) worst = Math.Max(worst, fault.Severity(at));
        }
        return worst;
    }
}
