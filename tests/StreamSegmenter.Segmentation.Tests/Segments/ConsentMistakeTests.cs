using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Segments.Support;

namespace StreamSegmenter.Segmentation.Tests.Segments;

/// <summary>What an event says of consents and nobody can read is told, and the rest of the event counts.</summary>
public sealed class ConsentMistakeTests
{
    private const string NameForm = "a name of 1 to 100 characters without control characters";

    [Theory]
    [InlineData("""  """, $"channel of Consent Updated must be {NameForm}, and is missing")]
    [InlineData(""" "granted":true """, $"channel of Consent Updated must be {NameForm}, and is missing")]
    [InlineData(""" "channel":7,"granted":true """, $"channel of Consent Updated must be {NameForm}, not 7")]
    [InlineData(""" "channel":"","granted":true """, $"channel of Consent Updated must be {NameForm}, not \"\"")]
    [InlineData(""" "channel":"*","granted":false """, $"channel of Consent Updated must be {NameForm}, not \"*\"")]
    [InlineData(
        """ "channel":"email","purpose":5,"granted":true """,
        $"purpose of Consent Updated must be {NameForm}, not 5"
    )]
    [InlineData(
        """ "channel":"email","purpose":"a\tb","granted":true """,
        $"purpose of Consent Updated must be {NameForm}, not \"a\\tb\""
    )]
    [InlineData(
        """ "channel":"email","granted":"yes" """,
        "granted of Consent Updated must be true, false or null, not \"yes\""
    )]
    [InlineData(""" "channel":"email" """, "granted of Consent Updated must be true, false or null, and is missing")]
    public void A_consent_event_that_is_malformed_says_nothing_of_consents(string properties, string mistake)
    {
        ShardScript script = new("count(\"Consent Updated\") >= 1 and not (consent(\"email\"))");
        ApplyResult result = script.Track(100, "Consent Updated", properties, message: "m1");
        result.Outcome.ShouldBe(ApplyOutcome.Applied);
        result.Rejection.ShouldBe(new(RejectReason.BadConsent, mistake));
        script.Log.ShouldBe(["100 c +s event m1 #1"], "the event itself counts");
    }

    [Theory]
    [InlineData("\"yes\"", "the trait consent must be an object of channels, or null, not \"yes\"")]
    [InlineData("[true]", "the trait consent must be an object of channels, or null, not [true]")]
    [InlineData("""{"sms":"no"}""", "sms of the trait consent must be true, false or null, not \"no\"")]
    [InlineData("""{"sms":{"*":1}}""", "sms of the trait consent must be true, false or null, not 1")]
    [InlineData("""{"sms":{"news":[]}}""", "sms.news of the trait consent must be true, false or null, not []")]
    [InlineData("""{"":true}""", $"the trait consent names a channel \"\": it must be {NameForm}")]
    [InlineData("""{"sms":{"":true}}""", $"the trait consent names a purpose \"\": it must be {NameForm}")]
    public void What_an_identify_says_otherwise_still_counts(string consent, string mistake)
    {
        ShardScript script = new("profile.plan = \"pro\" and consent(\"email\")");
        script.Identify(100, """ "consent":{"email":true} """);
        ApplyResult result = script.Identify(200, $$""" "consent":{{consent}}, "plan":"pro" """);
        result.Outcome.ShouldBe(ApplyOutcome.Applied);
        result.Rejection.ShouldBe(new(RejectReason.BadConsent, mistake));
        script.Log.ShouldBe(["200 c +s event m2 #1"]);
    }

    [Fact]
    public void The_answers_beside_one_that_is_malformed_are_taken()
    {
        ShardScript script = new("consent(\"email\") and profile.consent.email.news and not (consent(\"sms\"))");
        ApplyResult result = script.Identify(
            100,
            """ "consent":{"sms":"no","email":{"*":true,"ads":1,"news":true}} """
        );
        result.Rejection.Detail.ShouldBe("sms of the trait consent must be true, false or null, not \"no\"");
        script.Log.ShouldBe(["100 c +s event m1 #1"]);
    }

    [Theory]
    [InlineData("""{"type":"track","event":"Consent Updated","properties":{"channel":"email","granted":null}}""")]
    [InlineData(
        """{"type":"track","event":"Consent Updated","properties":{"channel":"a","purpose":"*","granted":true}}"""
    )]
    [InlineData("""{"type":"identify","traits":{"consent":null}}""")]
    [InlineData("""{"type":"identify","traits":{"consent":{}}}""")]
    [InlineData("""{"type":"identify","traits":{"consent":{"email":{}}}}""")]
    [InlineData("""{"type":"identify","traits":{"consent":{"email":{"*":null,"news":false}}}}""")]
    [InlineData("""{"type":"page","name":"Consent Updated"}""")]
    public void What_is_well_formed_is_no_mistake(string json)
    {
        ShardScript script = new("exists(any)");
        string whole = $$"""{"userId":"c","timestamp":"2020-01-31T12:00:00Z",{{json[1..]}}""";
        ApplyResult result = script.Apply(1_580_472_000_000, "c", whole);
        (result.Outcome, result.IsDeadLetter).ShouldBe((ApplyOutcome.Applied, false));
    }

    [Fact]
    public void A_duplicate_is_told_once()
    {
        ShardScript script = new("exists(any)");
        script.Track(100, "Consent Updated", message: "m1").IsDeadLetter.ShouldBeTrue();
        script.Track(200, "Consent Updated", message: "m1").IsDeadLetter.ShouldBeFalse();
        script.Track(300, "visit").IsDeadLetter.ShouldBeFalse();
    }
}
