using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.Storage.Operations;

namespace Seamless.ServiceDesk.Tests.Notifications;

public sealed class AddressVaultTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vault-");

    [Fact]
    public void What_is_sealed_opens_for_its_recipient_alone_and_with_the_key_alone()
    {
        var database = new OperationsDatabase(_folder.FullName);
        var text = new AddressVault(database).Seal("default", "ops", new Destination("https://robot.example.com/k1", ["s1"]));
        Assert.DoesNotContain("robot", text, StringComparison.Ordinal);
        var later = new AddressVault(database);   // after a restart
        Assert.Equal("https://robot.example.com/k1", later.Open("default", "ops", text)!.Address);
        Assert.Null(later.Open("default", "other", text));
        Assert.Null(later.Open("other", "ops", text));
        Assert.Null(later.Open("default", "ops", (text[..^8] + "AAAAAAA=")));

        var key = Path.Combine(_folder.FullName, AddressVault.KeyFile);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        File.Delete(key);
        Assert.Null(new AddressVault(database).Open("default", "ops", text));
    }

    [Theory]
    [InlineData(Channel.Wecom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret", "https://qyapi.weixin.qq.com/…")]
    [InlineData(Channel.Email, "operations@example.com", "o…@example.com")]
    [InlineData(Channel.Sms, "+4917012345678", "+49…78")]
    public void A_mask_lets_one_recognise_and_not_use(Channel channel, string address, string expected) => Assert.Equal(expected, AddressMask.Of(channel, address));

    public void Dispose() => _folder.Delete(true);
}
