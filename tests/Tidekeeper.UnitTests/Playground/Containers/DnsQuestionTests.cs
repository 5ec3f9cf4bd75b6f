using System.Net;
using Tidekeeper.Playground.Server.Containers;

namespace Tidekeeper.UnitTests.Playground.Containers;

public class DnsQuestionTests
{
    // As dig sends it: id 0xABCD, recursion desired, one question "Basic-pd.ns", type A, class IN.
    private const string Asked = "ABCD01000001000000000000" + "0842617369632D7064" + "026E73" + "00" + "00010001";

    [Fact]
    public void A_question_is_read_without_the_case_of_its_letters()
    {
        var question = DnsQuestion.Read(Convert.FromHexString(Asked))!;
        Assert.Equal((0xABCD, "basic-pd.ns", DnsQuestion.A), (question.Id, question.Name, question.Type));
    }

    [Fact]
    public void An_answer_repeats_the_question_and_gives_each_address()
    {
        var answer = DnsQuestion.Read(Convert.FromHexString(Asked))!
            .Answer([IPAddress.Parse("10.244.1.2"), IPAddress.Parse("10.244.1.3")]);
        Assert.Equal("ABCD85800001000200000000" + "0842617369632D7064026E730000010001"
            + "C00C00010001000000050004" + "0AF40102" + "C00C00010001000000050004" + "0AF40103",
            Convert.ToHexString(answer));
    }

    [Fact]
    public void A_name_that_is_not_there_and_a_name_without_an_address_are_two_answers()
    {
        var question = DnsQuestion.Read(Convert.FromHexString(Asked))!;
        Assert.Equal("ABCD8583", Convert.ToHexString(question.Answer(null))[..8]);
        Assert.Equal("ABCD8580", Convert.ToHexString(question.Answer([]))[..8]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ABCD")]
    [InlineData("ABCD81000001000000000000016100" + "00010001")] // an answer
    [InlineData("ABCD01000002000000000000016100" + "00010001")] // two questions
    [InlineData("ABCD01000001000000000000056100" + "00010001")] // a label that is longer than the packet
    [InlineData("ABCD01000001000000000000C00C" + "00010001")] // a pointer where nothing is before it
    [InlineData("ABCD01000001000000000000016100" + "0001")] // cut off
    [InlineData("ABCD01000001000000000000016100" + "00010003")] // another class
    public void What_is_no_question_is_not_answered(string packet) =>
        Assert.Null(DnsQuestion.Read(Convert.FromHexString(packet)));
}
