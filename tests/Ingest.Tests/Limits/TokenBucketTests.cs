using Seamless.Ingest.Limits;

namespace Seamless.Ingest.Tests.Limits;

/// <summary>Property: in no stretch of time more than the burst and the rate; and whoever keeps to the rate is never held up.</summary>
public sealed class TokenBucketTests
{
    private const long Start = 1_764_000_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Never_lets_through_more_than_burst_and_rate_in_any_stretch_of_time(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var (rate, burst) = (random.Next(1, 3000), random.Next(1, 200));
            var bucket = new TokenBucket(rate, burst);
            var taken = new List<long>();
            var now = Start;
            for (var i = 0; i < 400; i++)
            {
                now += random.Next(8) == 0 ? random.Next(2000) : random.Next(3);
                if (!bucket.HasToken(now)) continue;
                bucket.Take(now);
                taken.Add(now);
            }
            for (var first = 0; first < taken.Count; first++)
                for (var last = first; last < taken.Count; last += 7)
                    Assert.True(last - first + 1 <= burst + rate * (taken[last] - taken[first]) / 1000.0 + 1e-6, $"rate {rate}, burst {burst}: {last - first + 1} in {taken[last] - taken[first]} ms");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 2)]   // a millisecond is no multiple of its interval, so it needs a little burst
    [InlineData(100, 1)]
    [InlineData(1000, 5)]
    public void Never_holds_up_who_keeps_to_the_rate(int rate, int burst)
    {
        var bucket = new TokenBucket(rate, burst);
        for (var i = 0; i < 100_000; i++)
        {
            var now = Start + (i * 1000L + rate - 1) / rate;   // the first whole millisecond at which the next one is due
            Assert.True(bucket.HasToken(now), $"message {i}");
            bucket.Take(now);
        }
    }

    [Fact]
    public void After_the_wait_that_it_names_there_is_a_token_and_not_before()
    {
        var random = new Random(11);
        for (var round = 0; round < 2000; round++)
        {
            var bucket = new TokenBucket(random.Next(1, 500), random.Next(1, 50));
            var now = Start + random.Next(1000);
            while (bucket.HasToken(now)) bucket.Take(now);
            var wait = (long)bucket.WaitFor(now).TotalMilliseconds;
            Assert.True(bucket.HasToken(now + wait));
            Assert.False(bucket.HasToken(now + wait - 1) && wait > 1);
        }
    }

    [Fact]
    public void A_clock_that_is_set_back_leaves_it_empty_but_filling()
    {
        var bucket = new TokenBucket(10, 20);
        for (var i = 0; i < 20; i++) bucket.Take(Start);
        var earlier = Start - TimeSpan.FromHours(5).Ticks / TimeSpan.TicksPerMillisecond;

        bucket.ClockMayHaveLeapt(earlier);

        Assert.False(bucket.HasToken(earlier));
        Assert.True(bucket.HasToken(earlier + 100));
    }

    [Fact]
    public void Extremes_do_not_overflow()
    {
        var bucket = new TokenBucket(long.MaxValue - 1, long.MaxValue - 1);
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(bucket.HasToken(Start));
            bucket.Take(Start);
        }
    }
}
