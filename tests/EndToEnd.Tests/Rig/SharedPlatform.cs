namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>One platform for a class of stories that do not disturb each other, from a Monday morning on.</summary>
public sealed class SharedPlatform : IAsyncLifetime
{
    public static readonly DateTimeOffset Morning = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public SimulatedPlatform Platform { get; private set; } = null!;   // started before the first test

    public async ValueTask InitializeAsync() => Platform = await SimulatedPlatform.StartAsync(Morning);

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}
