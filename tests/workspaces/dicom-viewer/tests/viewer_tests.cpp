#include <sstream>

#include "check.hpp"
#include "viewer/renderer.hpp"
#include "viewer/study_manager.hpp"

using dicom::DataElement;
using dicom::ValueRepresentation;
using viewer::StudyManager;

namespace {

StudyManager::Instance instance(const std::string& study, const std::string& number) {
    StudyManager::Instance made;
    made.path = number + ".dcm";
    made.image = imaging::Image(2, 2, 1.0F);
    made.attributes.insert(
        DataElement::fromText(dicom::tags::StudyInstanceUID, ValueRepresentation::UniqueIdentifier, study));
    made.attributes.insert(
        DataElement::fromText(dicom::tags::InstanceNumber, ValueRepresentation::IntegerString, number));
    return made;
}

void instancesAreGroupedAndOrdered() {
    StudyManager manager;
    manager.add(instance("1.2", "10"));
    manager.add(instance("1.2", "9"));
    manager.add(instance("1.1", "1"));
    CHECK((manager.studies() == std::vector<std::string>{"1.1", "1.2"}));
    CHECK(manager.instances("1.2").front().path == "9.dcm");
    CHECK_THROWS(manager.instances("9.9"), std::out_of_range);
    CHECK_THROWS(manager.open("there-is-no-such-file.dcm"), std::runtime_error);
}

void windowOfTheFileIsPreferred() {
    StudyManager::Instance made = instance("1", "1");
    CHECK(near(StudyManager::windowOf(made).center(), 1.0));
    made.attributes.insert(
        DataElement::fromText(dicom::tags::WindowCenter, ValueRepresentation::DecimalString, "40"));
    made.attributes.insert(
        DataElement::fromText(dicom::tags::WindowWidth, ValueRepresentation::DecimalString, "400"));
    CHECK(near(StudyManager::windowOf(made).width(), 400.0));
}

void renderersWriteWhatTheWindowShows() {
    imaging::Image image(2, 2, 0.0F);
    image.at(1, 0) = 255.0F;
    const imaging::Window window = imaging::Window::spanning(image);
    std::ostringstream letters;
    viewer::AsciiRenderer(10).render(image, window, letters);
    CHECK(letters.str() == " @\n");
    std::ostringstream graymap;
    viewer::PgmRenderer().render(image, window, graymap);
    CHECK(graymap.str().size() == std::string("P5\n2 2\n255\n").size() + 4);
}

}  // namespace

int main() {
    instancesAreGroupedAndOrdered();
    windowOfTheFileIsPreferred();
    renderersWriteWhatTheWindowShows();
    return failures;
}
