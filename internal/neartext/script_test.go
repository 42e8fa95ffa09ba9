package neartext_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"varde/internal/neartext"
	"varde/internal/text"
)

// scripts are two ads by different writers in each language, invented for this test: sentences with %s for a name.
var scripts = []struct {
	language string
	a, b     []string
}{
	{"Norwegian",
		[]string{"Jeg heter %s og bor midt i byen", "Leiligheten er ren og ligger rett ved stasjonen", "Ring meg gjerne på kvelden, jeg svarer selv", "Rolig og vennlig, liker lange samtaler over en kopp kaffe", "Parkering finnes i bakgården uten kostnad"},
		[]string{"Vi søker renholdere til hotell på kysten", "Lønn etter tariff og fast kontrakt fra første dag", "Du må kunne arbeide i helger og snakke litt engelsk", "Send søknad med attester til %s innen fredag", "Bolig kan skaffes mot rimelig leie i nærheten"}},
	{"Russian",
		[]string{"Меня зовут %s, живу в самом центре города", "Квартира чистая, рядом со станцией метро", "Звоните вечером, отвечаю всегда сама", "Спокойная, приветливая, люблю долгие беседы", "Парковка бесплатная во дворе дома"},
		[]string{"Требуются уборщики в гостиницу на побережье", "Зарплата по договору, оформление с первого дня", "Нужно работать по выходным и немного знать английский", "Присылайте анкету на имя %s до пятницы", "Жилье предоставляется недорого поблизости от работы"}},
	{"Greek",
		[]string{"Με λένε %s και μένω στο κέντρο της πόλης", "Το διαμέρισμα είναι καθαρό και κοντά στον σταθμό", "Τηλεφώνησε το βράδυ, απαντώ πάντα μόνη", "Ήρεμη και φιλική, αγαπώ τις μεγάλες συζητήσεις", "Υπάρχει δωρεάν πάρκινγκ πίσω από το σπίτι"},
		[]string{"Ζητούνται καθαρίστριες για ξενοδοχείο στην παραλία", "Μισθός σύμφωνα με σύμβαση από την πρώτη μέρα", "Απαραίτητη εργασία τα Σαββατοκύριακα και λίγα αγγλικά", "Στείλτε βιογραφικό στον %s μέχρι την Παρασκευή", "Παρέχεται στέγη με χαμηλό ενοίκιο εκεί κοντά"}},
	{"Arabic",
		[]string{"اسمي %s واسكن في وسط المدينة", "الشقة نظيفة وقريبة من محطة القطار", "اتصل في المساء وانا اجيب بنفسي دائما", "هادئة ولطيفة واحب الاحاديث الطويلة مع القهوة", "يوجد موقف مجاني للسيارات خلف البناية"},
		[]string{"مطلوب عمال نظافة لفندق على الساحل", "الراتب حسب العقد من اليوم الاول", "يجب العمل في عطلة الاسبوع ومعرفة بعض الانجليزية", "ارسل الطلب مع الشهادات الى %s قبل الجمعة", "السكن متوفر بايجار مناسب قرب مكان العمل"}},
	{"Hebrew",
		[]string{"קוראים לי %s ואני גרה במרכז העיר", "הדירה נקייה וקרובה לתחנת הרכבת", "תתקשר בערב ואני עונה תמיד בעצמי", "רגועה וחברותית ואוהבת שיחות ארוכות", "יש חניה חינם בחצר מאחורי הבניין"},
		[]string{"דרושים עובדי ניקיון למלון על חוף הים", "משכורת לפי חוזה מהיום הראשון", "צריך לעבוד בסופי שבוע ולדעת מעט אנגלית", "שלחו קורות חיים אל %s עד יום שישי", "מגורים בשכירות נמוכה ליד מקום העבודה"}},
	{"Hindi",
		[]string{"मेरा नाम %s है और शहर के बीच में रहती हूँ", "मकान साफ है और स्टेशन के बिल्कुल पास है", "शाम को फोन कीजिए, जवाब हमेशा खुद देती हूँ", "शांत और मिलनसार, लंबी बातचीत पसंद करती हूँ", "गाड़ी रखने की जगह मुफ्त मिलती है"},
		[]string{"समुद्र किनारे होटल के लिए सफाई कर्मचारी चाहिए", "वेतन अनुबंध के अनुसार पहले दिन से", "सप्ताहांत में काम करना और थोड़ी अंग्रेजी जरूरी", "आवेदन प्रमाणपत्र सहित %s को शुक्रवार तक भेजें", "रहने का इंतजाम सस्ते किराये पर उपलब्ध"}},
	{"Korean",
		[]string{"제 이름은 %s 이고 도시 한가운데 살아요", "아파트는 깨끗하고 기차역 바로 옆에 있어요", "저녁에 전화하시면 항상 직접 받아요", "조용하고 친절하며 커피와 긴 대화를 좋아해요", "건물 뒤에 무료 주차장이 있어요", "주말에는 오후부터 만날 수 있고 미리 예약해 주세요"},
		[]string{"해변 호텔에서 일할 청소 직원을 모집합니다", "급여는 계약서대로 첫날부터 지급합니다", "휴일 근무가 가능하고 영어를 조금 해야 합니다", "지원서와 증명서를 %s 앞으로 금요일까지 보내세요", "근처에 저렴한 숙소를 제공해 드립니다", "경력자는 우대하며 나이 제한은 없습니다"}},
	{"Chinese",
		[]string{"我叫%s,住在市中心", "公寓干净,离火车站很近", "晚上请打电话,我总是自己接", "性格安静友好,喜欢喝咖啡聊天", "楼后面有免费停车位"},
		[]string{"海边酒店招聘清洁工人", "工资按合同从第一天开始计算", "需要周末上班并懂一点英语", "请把申请和证明寄给%s,星期五截止", "附近提供便宜住房"}},
	{"Japanese",
		[]string{"私の名前は%sで、街の中心に住んでいます", "部屋は清潔で駅のすぐ近くにあります", "夜に電話してください、いつも自分で出ます", "静かで優しくて、コーヒーを飲みながら話すのが好きです", "建物の裏に無料の駐車場があります"},
		[]string{"海辺のホテルで清掃スタッフを募集します", "給料は契約どおり初日から支払います", "週末に働けて英語が少しできる方", "応募書類と証明書を%sまで金曜日に送ってください", "近くに安い住宅を用意できます"}},
	{"Thai",
		[]string{"ฉันชื่อ%sอาศัยอยู่ใจกลางเมือง", "ห้องพักสะอาดอยู่ใกล้สถานีรถไฟ", "โทรมาตอนเย็นฉันรับสายเองเสมอ", "เงียบและเป็นมิตรชอบคุยกันนานๆกับกาแฟ", "มีที่จอดรถฟรีด้านหลังอาคาร"},
		[]string{"รับสมัครพนักงานทำความสะอาดโรงแรมริมทะเล", "เงินเดือนตามสัญญาตั้งแต่วันแรก", "ต้องทำงานวันหยุดได้และพูดภาษาอังกฤษเล็กน้อย", "ส่งใบสมัครพร้อมเอกสารถึง%sภายในวันศุกร์", "มีบ้านเช่าราคาถูกใกล้ที่ทำงาน"}},
	{"Vietnamese",
		[]string{"Em tên là %s, sống ngay trung tâm thành phố", "Căn hộ sạch sẽ, nằm gần nhà ga xe lửa", "Buổi tối anh gọi điện thoại, em luôn nghe máy", "Tính tình nhẹ nhàng thân thiện, thích nói chuyện lâu", "Phía sau tòa nhà có chỗ đậu xe miễn phí"},
		[]string{"Khách sạn ven biển cần tuyển nhân viên dọn phòng", "Mức lương theo hợp đồng ngay ngày đầu tiên", "Phải làm việc cuối tuần, biết chút tiếng Anh", "Gửi hồ sơ kèm chứng chỉ cho %s trước thứ sáu", "Được bố trí phòng trọ giá thấp quanh đó"}},
	{"Amharic",
		[]string{"ስሜ %s ነው የምኖረው በከተማው መሃል ነው", "ቤቱ ንጹህ ነው ከባቡር ጣቢያው አጠገብ ይገኛል", "ማታ ደውሉልኝ ሁልጊዜ ራሴ እመልሳለሁ", "ጸጥተኛና ተግባቢ ነኝ ረጅም ጨዋታ እወዳለሁ", "ከህንጻው ጀርባ ነጻ የመኪና ማቆሚያ አለ"},
		[]string{"በባህር ዳርቻ ለሚገኝ ሆቴል የጽዳት ሠራተኞች እንፈልጋለን", "ደመወዝ በውሉ መሠረት ከመጀመሪያው ቀን ይከፈላል", "ቅዳሜና እሁድ መሥራትና ትንሽ እንግሊዝኛ ማወቅ ያስፈልጋል", "ማመልከቻውን ከማስረጃ ጋር እስከ ዓርብ ለ%s ይላኩ", "መኖሪያ በርካሽ ኪራይ በአቅራቢያው ይገኛል"}},
}

// TestEveryScript: an ad with another name and its sentences in another order is alike, one by somebody else is not.
func TestEveryScript(t *testing.T) {
	names := map[string][2]string{"Chinese": {"小美", "丽丽"}, "Japanese": {"美咲", "さくら"}, "Thai": {"มะลิ", "ดาว"}}
	for _, tt := range scripts {
		t.Run(tt.language, func(t *testing.T) {
			name := names[tt.language]
			if name[0] == "" {
				name = [2]string{"Mia", "Victoria"}
			}
			write := func(sentences []string, name string, seed uint64) string {
				out := append([]string(nil), sentences...)
				if seed > 0 {
					rand.New(rand.NewPCG(seed, 0)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
				}
				return strings.ReplaceAll(strings.Join(out, ". ")+". 912 34 567", "%s", name)
			}
			own := sketch(t, write(tt.a, name[0], 0))
			for seed := range uint64(5) {
				other := sketch(t, write(tt.a, name[1], seed))
				if s := neartext.Similarity(own, other); !neartext.Alike(own, other, least) || !shareKey(own, other) {
					t.Errorf("another name and another order: not found, similarity %.2f", s)
				}
			}
			if s := neartext.Similarity(own, sketch(t, write(tt.b, name[0], 0))); s > 0.2 {
				t.Errorf("another writer: similarity %.2f", s)
			}
		})
	}
}

// TestDisguises: letters of other alphabets, digits for letters, case and accents change nothing.
func TestDisguises(t *testing.T) {
	want := sign(t, sample)
	for _, s := range []string{strings.ToUpper(sample), strings.ReplaceAll(sample, "800", "1 200"), strings.ReplaceAll(sample, "station", "st4tion"),
		strings.ReplaceAll(sample, "o", "о"), strings.ReplaceAll(sample, ", ", " – "), strings.ReplaceAll(sample, "Mia", "M\u200bia")} {
		if got := sign(t, s); got.Hash != want.Hash {
			t.Errorf("%.80q: another hash", s)
		}
	}
	if _, ok := neartext.Sign(text.Read("Call Mia in Oslo, 912 34 567")); ok {
		t.Error("a text of six words is signed")
	}
}
