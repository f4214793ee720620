using System.Globalization;

namespace Seamless.Learning.Tests;

/// <summary>Small machines whose failures follow a known law.</summary>
internal static class Synthetic
{
    /// <summary>Fails by power (speed × torque too high) or by heat (a small difference of two temperatures); <c>kind</c> says nothing.</summary>
    public static IEnumerable<string> Milling(int rows, int seed)
    {
        var random = new Random(seed);
        yield return "id,serial,kind,speed,torque,inside,outside,constant,failed,power,heat";
        for (var i = 1; i <= rows; i++)
        {
            var (speed, torque) = (100 + 100 * random.NextDouble(), 10 + 30 * random.NextDouble());
            var outside = 20 + 10 * random.NextDouble();
            var inside = outside + 10 * random.NextDouble();
            var power = speed * torque > 6200;
            var heat = inside - outside < 0.7;
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{i},M{i},{(random.Next(2) == 0 ? "a" : "b")},{speed:F2},{torque:F2},{inside:F2},{outside:F2},5,{(power || heat ? 1 : 0)},{(power ? 1 : 0)},{(heat ? 1 : 0)}");
        }
    }

    /// <summary>Machines that wear: two sensors follow the wear, one is noise. Each begins at its own level and lives 80 to 160 cycles.</summary>
    /// <param name="cutAt">Null for run to failure; otherwise the share of the life that is seen.</param>
    public static (IReadOnlyList<string> Lines, IReadOnlyList<int> Left) Fleet(int units, int seed, double? cutAt = null)
    {
        var random = new Random(seed);
        var lines = new List<string> { "unit,cycle,heat,hum,noise" };
        var left = new List<int>();
        for (var unit = 1; unit <= units; unit++)
        {
            var life = random.Next(80, 160);
            var seen = cutAt is null ? life : (int)(life * (cutAt.Value + 0.2 * random.NextDouble()));
            var level = random.NextDouble();
            for (var cycle = 1; cycle <= seen; cycle++)
            {
                var wear = Math.Exp(-(life - cycle) / 30.0);
                double Noise() => 0.05 * (random.NextDouble() - 0.5);
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{unit},{cycle},{level + 2 * wear + Noise():F4},{1 - wear + Noise():F4},{Noise():F4}"));
            }
            left.Add(life - seen);
        }
        return (lines, left);
    }

    /// <summary>Machines that wear while their throttle jumps between six settings, each of which moves both sensors by far more than wear does.</summary>
    public static (IReadOnlyList<string> Lines, IReadOnlyList<int> Left) FleetAtSixConditions(int units, int seed, double? cutAt = null, bool sameThrottle = false)
    {
        var random = new Random(seed);
        var lines = new List<string> { "unit,cycle,heat,throttle,hum" };
        var left = new List<int>();
        for (var unit = 1; unit <= units; unit++)
        {
            var life = random.Next(80, 160);
            var seen = cutAt is null ? life : (int)(life * (cutAt.Value + 0.2 * random.NextDouble()));
            for (var cycle = 1; cycle <= seen; cycle++)
            {
                var wear = Math.Exp(-(life - cycle) / 30.0);
                var condition = random.Next(6);
                var throttle = condition * 10 + 0.01 * random.NextDouble();
                double Noise() => 0.2 * (random.NextDouble() - 0.5);
                // What the throttle does to the sensors follows no line, as in an engine at another height and speed.
                var (heat, hum) = (30 * Math.Sin(2 * condition), 20 * Math.Cos(3 * condition));
                lines.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{unit},{cycle},{heat + 2 * wear + Noise():F4},{(sameThrottle ? random.NextDouble() : throttle):F4},{hum - wear + Noise():F4}"));
            }
            left.Add(life - seen);
        }
        return (lines, left);
    }
}
