using System.Globalization;
using Seamless.Ingest.Ledger;
using Seamless.Telemetry;

namespace Seamless.Ingest.Tests.Ledger;

public sealed class DeviceLedgerTests
{
    private const long Start = 1_764_000_000_000;

    // What came, then what is missing. A number alone has the time of its number; "n@t" has the time t.
    [Theory]
    [InlineData("1 2 3", "")]
    [InlineData("7 8 9", "")]                                  // where it begins is not known, so nothing is missing before
    [InlineData("1 2 5", "3-4")]
    [InlineData("1 2 5 4 3", "")]                              // out of order
    [InlineData("1 9 5", "2-4 6-8")]                           // the middle came
    [InlineData("1 4 8", "2-3 5-7")]
    [InlineData("1 2 3 3 2 1", "")]                            // sent again
    [InlineData("1 2 5 1 2", "3-4")]
    [InlineData("-5 -2", "-4--3")]
    [InlineData("1 2 3 5 1@100 2@101", "")]                    // a low number with a new time: the counter began anew, what was missing means others now
    [InlineData("1 2 3 5 1@100 4@101", "2-3")]
    [InlineData("1 2 1764000000000", "")]                      // a leap too long for a gap
    [InlineData("9223372036854775806 9223372036854775807", "")]
    [InlineData("-9223372036854775000 9223372036854775807", "")]
    public void What_is_missing_follows_from_what_came(string came, string missing) =>
        Assert.Equal(missing, Text(Observed(came)));

    [Fact]
    public void A_restart_is_counted_and_so_is_what_it_makes_meaningless()
    {
        var ledger = Observed("1 2 5 1@100 2@101 2@101");

        Assert.Equal((1, 2, 1, 1, 2), (ledger.Restarts, ledger.Forgotten, ledger.Repeated, ledger.First, ledger.Highest));
    }

    [Fact]
    public void A_time_in_place_of_a_counter_is_recognised_and_asks_for_nothing()
    {
        var ledger = Observed(string.Join(' ', Enumerable.Range(1, 40).Select(second => second * 1000)));
        Assert.False(ledger.CountsUp);
        Assert.Equal(0, ledger.Missing.Ranges);

        ledger.Observe(40_001, Start + 40_001, 0);   // a step after all
        ledger.Observe(40_003, Start + 40_003, 0);
        Assert.True(ledger.CountsUp);
        Assert.Equal("40002-40002", Text(ledger));
    }

    [Fact]
    public void Beyond_a_thousand_gaps_the_oldest_go_and_are_counted()
    {
        var ledger = New();
        for (var number = 0; number < 4500; number += 3)   // two that came, one that did not
        {
            ledger.Observe(number, Start + number, 0);
            ledger.Observe(number + 1, Start + number + 1, 0);
        }

        Assert.Equal(MissingNumbers.MaxRanges, ledger.Missing.Ranges);
        Assert.Equal(1499 - MissingNumbers.MaxRanges, ledger.Forgotten);
    }

    [Fact]
    public void Numbers_dropped_shuffled_and_repeated_at_random_leave_exactly_those_that_never_came()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var ledger = New();
            var came = new HashSet<long>();
            // Blocks are shuffled within themselves, as messages on several connections are; some numbers never come, some twice.
            for (var block = 0L; block < 40; block++)
            {
                var numbers = Enumerable.Range(0, 10).Select(i => block * 10 + i).Where(number => number == 0 || random.Next(5) > 0).ToArray();
                if (block > 0) random.Shuffle(numbers);
                foreach (var number in numbers.Concat(came.Where(_ => random.Next(100) == 0).ToArray()))
                {
                    ledger.Observe(number, Start + number, Start + number);
                    came.Add(number);
                }
            }
            var expected = Enumerable.Range(0, (int)came.Max()).Select(number => (long)number).Where(number => !came.Contains(number));

            Assert.Equal(expected, Missing(ledger));
            Assert.Equal(expected.Count(), ledger.Missing.Count);
        }
    }

    [Fact]
    public void The_usual_step_allocates_nothing()
    {
        var ledger = Observed("1 2 3");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 4L; number < 100_000; number++) ledger.Observe(number, Start + number, Start + number);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_is_written_down_is_read_again_and_a_damaged_file_is_as_good_as_none()
    {
        var ledger = Observed("1 2 5 9 9");
        foreach (ref var range in ledger.Missing.AsSpan()) (range.Asked, range.Tries, range.AskedAtMs, range.GivenUp) = (3, 2, 17, "不在了");
        var recent = new RecentNumbers();
        for (var number = 0; number < 300; number++) recent.Add(number, (ulong)number * 7);
        var bytes = LedgerFile.Write(new LedgerState(42, [(ledger, recent), (New(), null)]));

        var read = LedgerFile.Read(bytes)!;
        Assert.Equal(bytes, LedgerFile.Write(read));
        Assert.Equal((42, 2), (read.Position, read.Devices.Count));
        Assert.True(read.Devices[0].Recent!.Contains(299, 299 * 7));
        for (var at = 0; at < bytes.Length; at++)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= 0x40;
            Assert.Null(LedgerFile.Read(damaged));
            Assert.Null(LedgerFile.Read(bytes[..at]));
        }
    }

    [Fact]
    public void Of_the_numbers_that_came_lately_the_same_content_is_known_and_another_is_not()
    {
        var recent = new RecentNumbers();
        for (var number = 0; number < 1000; number++) recent.Add(number % 500, (ulong)number);

        Assert.True(recent.Contains(499, 999));
        Assert.True(recent.Contains(500 - RecentNumbers.MaxKept, 1000 - RecentNumbers.MaxKept));
        Assert.False(recent.Contains(499, 499));                          // the run of the counter before
        Assert.False(recent.Contains(499 - RecentNumbers.MaxKept, 999 - RecentNumbers.MaxKept));
    }

    private static DeviceLedger New() => new(new DeviceKey("default", "pump-1"));

    private static DeviceLedger Observed(string came)
    {
        var ledger = New();
        foreach (var one in came.Split(' ').Select(text => text.Split('@')))
        {
            var number = long.Parse(one[0], CultureInfo.InvariantCulture);
            ledger.Observe(number, Start + (one.Length > 1 ? long.Parse(one[1], CultureInfo.InvariantCulture) : Math.Clamp(number, 0, 99)), Start);
        }
        return ledger;
    }

    private static string Text(DeviceLedger ledger)
    {
        var ranges = new List<string>();
        foreach (var range in ledger.Missing.AsSpan()) ranges.Add($"{range.From}-{range.To}");
        return string.Join(' ', ranges);
    }

    private static List<long> Missing(DeviceLedger ledger)
    {
        var numbers = new List<long>();
        foreach (var range in ledger.Missing.AsSpan())
            for (var number = range.From; number <= range.To; number++) numbers.Add(number);
        return numbers;
    }
}
