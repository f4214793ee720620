using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Dispatch.Planning;

namespace Seamless.ServiceDesk.Tests.Dispatch.Planning;

/// <summary>Problems that have a bit of everything; the same seed gives the same one.</summary>
internal static class RandomProblem
{
    private static readonly string[] Skills = ["mechanical", "electrical", "it"];
    private const int Day = 24 * 60;

#pragma warning disable CA5394   // not a secret: repeatable
    public static DispatchProblem Of(int seed, int workers = 12, int jobs = 30)
    {
        var random = new Random(seed);
        GeoPoint Place() => new(48 + random.NextDouble() * 2, 2 + random.NextDouble() * 3);
        var people = Enumerable.Range(0, workers).Select(i => new Worker(
            $"w{i:00}", Place(), Skills.Where(_ => random.Next(2) == 0).ToDictionary(s => s, _ => new SkillGrade(1 + random.Next(3), random.Next(5) == 0 ? random.Next(2 * Day) : int.MaxValue)),
            random.Next(4) switch
            {
                0 => new Territory(new HashSet<string> { $"site-{random.Next(5)}" }, null, []),
                1 => new Territory(new HashSet<string>(), 60 + random.Next(100), []),
                2 => new Territory(new HashSet<string>(), null, [new Area("a", Place(), 80)]),
                _ => Territory.Everywhere,
            },
            random.Next(6) == 0 ? [new Stretch(-Day, 3 * Day)] : [new Stretch(8 * 60, 18 * 60), new Stretch(Day + 8 * 60, Day + 18 * 60)],
            random.Next(3) == 0 ? [new Stretch(10 * 60, 10 * 60 + random.Next(600))] : [], random.Next(2) == 0 ? 8 * 60 : int.MaxValue,
            random.Next(10) == 0 ? Day : int.MaxValue, random.Next(8) == 0, random.Next(8) == 0)).ToList();
        var work = Enumerable.Range(0, jobs).Select(i =>
        {
            var current = random.Next(3) == 0 ? new Appointment([$"w{random.Next(workers):00}"], 9 * 60 + random.Next(Day)) : null;
            return new Job(
                $"j{i:00}", $"site-{random.Next(5)}", random.Next(10) == 0 ? null : Place(), 30 + random.Next(120), random.Next(5) == 0 ? null : Skills[random.Next(3)], 1 + random.Next(2), random.Next(Day),
                600 + random.Next(Day), 1 + random.Next(4), current, current is not null && random.Next(3) == 0, current is null && random.Next(10) == 0 ? 2 : 1);
        }).ToList();
        return new DispatchProblem(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), 9 * 60, 2 * Day, people, work);
    }
#pragma warning restore CA5394
}
