using StreamSegmenter.Hocon.Options;

namespace StreamSegmenter.Hocon.Tests.Options;

public sealed class SecretTests
{
    [Fact]
    public void A_secret_does_not_print()
    {
        var secret = new Secret("hidden");

        secret.ToString().ShouldBe("***");
        $"{secret}".ShouldBe("***");
        new Credentials("me", secret).ToString().ShouldBe("Credentials { User = me, Token = *** }");
    }

    [Fact]
    public void A_secret_is_revealed_on_demand()
    {
        new Secret("hidden").Reveal().ShouldBe("hidden");
        default(Secret).Reveal().ShouldBe("");
        default(Secret).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Secrets_are_equal_by_value()
    {
        (new Secret("a") == new Secret("a")).ShouldBeTrue();
        (new Secret("a") != new Secret("b")).ShouldBeTrue();
    }

    private sealed record Credentials(string User, Secret Token);
}
