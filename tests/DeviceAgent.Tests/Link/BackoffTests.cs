using CsCheck;
using Seamless.DeviceAgent.Link;

namespace Seamless.DeviceAgent.Tests.Link;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Fact]
    public void The_wait_doubles_up_to_the_longest()
    {
        var backoff = new Backoff(First, Longest, () => 1);

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(_ => backoff.Next().TotalSeconds));
    }

    [Fact]
    public void No_wait_is_ever_longer_than_the_longest_or_shorter_than_half_the_first() =>
        Gen.Double[0, 1].Array[1, 200].Sample(chances =>
        {
            var next = 0;
            var backoff = new Backoff(First, Longest, () => chances[next++]);
            return chances.Select(_ => backoff.Next()).All(wait => wait >= First / 2 && wait <= Longest);
        });

    [Fact]
    public void After_a_success_it_begins_anew()
    {
        var backoff = new Backoff(First, Longest, () => 1);
        for (var i = 0; i < 10; i++) backoff.Next();
        backoff.Reset();

        Assert.Equal(First, backoff.Next());
    }
}
